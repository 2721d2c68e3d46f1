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

    // Fourteen ways on each picture and the grey one, within a fraction of the time that an inspection has.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The way that finds the expected best; ties and near ties go to the usual one. Numbers that a model does not know make it
    /// see things with the highest confidence: a way in which it sees something on a grey picture too is out.
    /// </summary>
    /// <returns>Overrides that resolve to it, and how it was chosen, in a sentence.</returns>
    public static (ProfileOverrides Overrides, string Note) Choose(
        OnnxSession session,
        ProfileOverrides overrides,
        ProfileResolution usual,
        IReadOnlyList<(Expectation Expected, VideoFrame Frame)> pictures,
        VideoFrame grey,
        double runMilliseconds)
    {
        var profile = usual.Profile!;
        if (InputConventions.IsUltralytics(session.Contract))
        {
            return (overrides, "Colour order, scale and fit are those of Ultralytics' exports, which the file's metadata say it is.");
        }

        var ways = InputConventions.Plausible(session.Contract, overrides, profile);
        if (ways.Count == 1)
        {
            return (overrides, "Colour order, scale and fit are given: nothing was left to try.");
        }

        if (profile.Decoder == DecoderKind.Classifier)
        {
            // Whatever goes in, softmax is sure of something: only a name tells right from wrong.
            pictures = [.. pictures.Where(picture => !picture.Expected.AnythingCounts)];
        }

        if (pictures.Count == 0)
        {
            return (overrides, "Colour order, scale and fit are the family's usual ones: there was no picture to try others on.");
        }

        if (runMilliseconds * (pictures.Count + 1) > LongestRun.TotalMilliseconds)
        {
            return (overrides, "Colour order, scale and fit are the family's usual ones: the model is too slow to try others.");
        }

        var scores = ways.Select(way => (Way: way, Score: Score(session, profile with { Input = way.Input }, pictures, grey))).ToArray();
        var best = scores.MaxBy(score => score.Score);
        var chosen = best.Score > scores[0].Score * Better ? best : scores[0];
        var tried = string.Join("; ", scores.Where(score => score.Score > 0).Select(score =>
            string.Create(CultureInfo.InvariantCulture, $"{score.Way.Name}: {score.Score:0.00}")));
        return (
            chosen.Way.Overrides,
            $"Colour order, scale and fit were tried on {pictures.Count} known-positive picture(s), sum of confidences: {tried}; "
            + $"in {scores.Count(score => score.Score <= 0)} other ways it finds nothing, or things on grey. Chosen by trial: {chosen.Way.Name}.");
    }

    private static double Score(
        OnnxSession session, ModelProfile profile, IReadOnlyList<(Expectation Expected, VideoFrame Frame)> pictures, VideoFrame grey)
    {
        using var trial = new ModelTrial(session, profile);
        try
        {
            if (!trial.IsClassifier && trial.Sure(trial.Find(grey)).Count > 0)
            {
                return 0;
            }

            return pictures.Sum(picture => picture.Expected.Score(trial.Sure(trial.Find(picture.Frame))));
        }
        catch (ModelFaultException)
        {
            // Values far outside of what the model knows: not its way.
            return 0;
        }
    }
}
