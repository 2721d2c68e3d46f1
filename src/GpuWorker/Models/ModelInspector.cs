using System.Diagnostics;

using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Finds out what a stored model file is, by having it opened and run in a process of its own.</summary>
internal sealed class ModelInspector(ModelFileCache cache, ValidationProcess process, IOptions<InferenceOptions> options) : IDisposable
{
    private const string PicturesField = "pictures";

    // Two at a time would measure each other.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Never throws for a bad file: the result says what is wrong with it.</summary>
    public async Task<ModelInspection> InspectAsync(InspectModel request, CancellationToken cancellationToken)
    {
        if (FindFault(request.Pictures) is { } fault)
        {
            return new() { Fault = fault };
        }

        try
        {
            using var file = await cache.GetAsync(request.FilePath, cancellationToken);
            await _turn.WaitAsync(cancellationToken);
            try
            {
                return await InspectAsync(file, request, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or InvalidDataException)
        {
            return new() { Fault = new ModelFault(ModelFaultException.FileField, exception.Message) };
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<ModelInspection> InspectAsync(CachedModelFile file, InspectModel request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var model = file.OpenRead();
        if (model.Length is 0 or > int.MaxValue)
        {
            return new()
            {
                Fault = new ModelFault(ModelFaultException.FileField, $"A model file of {model.Length} bytes cannot be: it has from 1 byte to 2 GiB."),
            };
        }

        var inspection = await process.InspectAsync(
            new ValidationRequest
            {
                Configuration = request.Configuration,
                Classes = request.Classes,
                UsualClasses = request.UsualClasses,
                MaxBatchSize = options.Value.MaxBatchSize,
                IntraOpThreads = options.Value.IntraOpThreads,
                ModelBytes = model.Length,
                Pictures = [.. request.Pictures.Select(ToHeader)],
            },
            [.. request.Pictures.Select(picture => picture.Content)],
            model,
            cancellationToken);
        return inspection with { DurationMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
    }

    private static ValidationPicture ToHeader(GoldenPicture picture) => new()
    {
        Name = picture.Name,
        Kind = picture.Kind,
        ExpectedClasses = picture.ExpectedClasses,
        LeastCount = picture.LeastCount,
        LeastConfidence = picture.LeastConfidence,
        Bytes = picture.Content.Length,
    };

    private static ModelFault? FindFault(GoldenPicture[] pictures)
    {
        if (pictures.Length > GoldenPicture.MostPictures)
        {
            return new(PicturesField, $"{pictures.Length} pictures were given; a model is tried on at most {GoldenPicture.MostPictures}.");
        }

        foreach (var picture in pictures)
        {
            if (picture.Content.Length is 0 or > GoldenPicture.MostBytes)
            {
                return new(PicturesField, $"Picture \"{picture.Name}\" has {picture.Content.Length} bytes; it must have from 1 to {GoldenPicture.MostBytes}.");
            }

            if (picture.LeastCount < 1 || !(picture.LeastConfidence is >= 0 and <= 1))
            {
                return new(
                    PicturesField,
                    $"Picture \"{picture.Name}\" expects {picture.LeastCount} objects of confidence {picture.LeastConfidence}; give 1 or more, of 0 to 1.");
            }
        }

        return null;
    }
}
