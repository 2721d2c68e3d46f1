using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>What validation showed, as it is kept: figures and sentences on the row, pictures as files.</summary>
internal static class ModelEvidence
{
    /// <summary>The inspection without its pictures, for <c>ai_models.validation</c>.</summary>
    public static JsonText WithoutPictures(ModelInspection inspection) => JsonText.From(
        inspection with { Evidence = [.. inspection.Evidence.Select(picture => picture with { AnnotatedJpeg = [] })] });

    /// <summary>Stores the annotated pictures.</summary>
    public static async Task<AttachedFile[]> SaveAsync(this UploadedFiles files, ModelInspection inspection, CancellationToken cancellationToken)
    {
        var saved = new List<AttachedFile>();
        foreach (var picture in inspection.Evidence.Where(picture => picture.AnnotatedJpeg.Length > 0))
        {
            using var content = new MemoryStream(picture.AnnotatedJpeg);
            var file = await files.SaveAsync(content, cancellationToken);
            saved.Add(new()
            {
                Kind = AttachedFileKind.Evidence,
                Name = $"evidence-{saved.Count + 1}.jpg",
                Path = file.Path,
                Size = file.Size,
                ContentType = "image/jpeg",
            });
        }

        return [.. saved];
    }
}
