using System.Globalization;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>Finds out by trial how a model takes its pictures, where neither its file nor its owner says.</summary>
internal static class ConventionTrial
{
    // One picture is little evidence: the family's usual way stays unless another is clearly better on it.
    private const double Better = 1.05;

    // Seven ways on a picture each, within a fraction of the time that an inspection has.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(1);

    /// <summary>The way that finds the expected best; ties and near ties go to the usual one.</summary>
    /// <returns>Overrides that resolve to it, and how it was chosen, in a sentence.</returns>
    public static (ProfileOverrides Overrides, string Note) Choose(
        OnnxSession session,
        ProfileOverrides overrides,
        ProfileResolution usual,
        IReadOnlyList<(Expectation Expected, VideoFrame Frame)> pictures,
        double runMilliseconds)
    {
        var profile = usual.Profile!;
        if (InputConventions.IsUltralytics(session.Contract))
        {
            return (overrides, "Colour order and scale are those of Ultralytics' exports, which the file's metadata say it is.");
        }

        var ways = InputConventions.Plausible(session.Contract, overrides, profile);
        if (ways.Count == 1)
        {
            return (overrides, "Colour order and scale are configured: nothing was left to try.");
        }

        if (profile.Decoder == DecoderKind.Classifier)
        {
            // Whatever goes in, softmax is sure of something: only a name tells right from wrong.
            pictures = [.. pictures.Where(picture => !picture.Expected.AnythingCounts)];
        }

        if (pictures.Count == 0)
        {
            return (overrides, "Colour order and scale are the family's usual ones: there was no picture to try others on.");
        }

        if (runMilliseconds * pictures.Count > LongestRun.TotalMilliseconds)
        {
            return (overrides, "Colour order and scale are the family's usual ones: the model is too slow to try others.");
        }

        var scores = ways.Select(way => (Way: way, Score: Score(session, profile with { Input = way.Input }, pictures))).ToArray();
        var best = scores.MaxBy(score => score.Score);
        var chosen = best.Score > scores[0].Score * Better ? best : scores[0];
        var tried = string.Join("; ", scores.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Way.Name}: {score.Score:0.00}")));
        return (
            chosen.Way.Overrides,
            $"Colour order and scale were tried on {pictures.Count} known-positive picture(s), sum of confidences: {tried}. "
            + $"Chosen by trial: {chosen.Way.Name}.");
    }

    private static double Score(OnnxSession session, ModelProfile profile, IReadOnlyList<(Expectation Expected, VideoFrame Frame)> pictures)
    {
        using var trial = new ModelTrial(session, profile);
        try
        {
            return pictures.Sum(picture => picture.Expected.Score(trial.Sure(trial.Find(picture.Frame))));
        }
        catch (ModelFaultException)
        {
            // Values far outside of what the model knows: not its way.
            return 0;
        }
    }
}
