using System.Globalization;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>What is to be found on a picture, against what a model can find at all.</summary>
/// <param name="picture">What it says of itself.</param>
/// <param name="classes">The model's, by class id.</param>
/// <param name="classesAreKnown">False where they are only numbered: then anything counts.</param>
internal sealed class Expectation(ValidationPicture picture, IReadOnlyList<string> classes, bool classesAreKnown)
{
    private readonly HashSet<string> _expected = new(picture.ExpectedClasses, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the picture says what is to be found on it, or must be found on it because of what it is.</summary>
    public bool Exists => _expected.Count > 0 || picture.Kind == GoldenPictureKind.KnownPositive;

    /// <summary>Whether any object counts: the picture or the model names no classes.</summary>
    public bool AnythingCounts => _expected.Count == 0 || !classesAreKnown;

    /// <summary>Whether the model has a class that is expected.</summary>
    public bool IsPossible => AnythingCounts || classes.Any(_expected.Contains);

    /// <summary>Whether enough of the expected is among what was found.</summary>
    public bool IsMet(IEnumerable<EvidenceObject> found) =>
        Relevant(found).Count(one => one.Confidence >= picture.LeastConfidence) >= picture.LeastCount;

    /// <summary>
    /// How well the expected was found: the sum of the confidences of as many objects as are expected, so that a model that
    /// sees things everywhere is none the better.
    /// </summary>
    public double Score(IEnumerable<EvidenceObject> sure) => Relevant(sure).Take(picture.LeastCount).Sum(one => (double)one.Confidence);

    /// <summary>What was expected, and the best that came instead, for a message.</summary>
    public string Describe(IReadOnlyList<EvidenceObject> found)
    {
        var wanted = AnythingCounts ? "anything" : string.Join(" or ", picture.ExpectedClasses);
        var best = found.Count == 0 ? "nothing at all" : string.Create(CultureInfo.InvariantCulture, $"{found[0].ClassName} {found[0].Confidence:0.00}");
        var closest = Relevant(found).FirstOrDefault();
        var most = closest is null || closest == found[0] ? "" : string.Create(
            CultureInfo.InvariantCulture, $", of the expected {closest.ClassName} {closest.Confidence:0.00}");
        return string.Create(
            CultureInfo.InvariantCulture, $"expected {picture.LeastCount} × {wanted} ≥ {picture.LeastConfidence:0.##}; best was {best}{most}");
    }

    private IEnumerable<EvidenceObject> Relevant(IEnumerable<EvidenceObject> found) =>
        AnythingCounts ? found : found.Where(one => _expected.Contains(one.ClassName));
}
