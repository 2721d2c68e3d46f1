using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>Searches the highest class score: the bulk of decoding (8400 × 80 values a frame).</summary>
internal static class ClassScores
{
    /// <summary>Highest value; NaN never wins; negative infinity where there is none.</summary>
    public static float Highest(ReadOnlySpan<float> scores)
    {
        var highest = float.NegativeInfinity;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        if (vectors.Length > 0)
        {
            var lanes = new Vector<float>(float.NegativeInfinity);
            foreach (var vector in vectors)
            {
                lanes = Vector.ConditionalSelect(Vector.GreaterThan(vector, lanes), vector, lanes);
            }

            for (var i = 0; i < Vector<float>.Count; i++)
            {
                highest = MathF.Max(highest, lanes[i]);
            }
        }

        foreach (var score in scores[(vectors.Length * Vector<float>.Count)..])
        {
            highest = score > highest ? score : highest;
        }

        return highest;
    }

    /// <summary>Class of the highest score and that score.</summary>
    public static (int ClassId, float Score) Best(ReadOnlySpan<float> scores)
    {
        var highest = Highest(scores);
        return (scores.IndexOf(highest), highest);
    }

    /// <summary>The same with one class left out.</summary>
    public static (int ClassId, float Score) Best(ReadOnlySpan<float> scores, int? without)
    {
        if (without is not { } skipped || (uint)skipped >= (uint)scores.Length)
        {
            return Best(scores);
        }

        var before = Best(scores[..skipped]);
        var after = Best(scores[(skipped + 1)..]);
        return after.Score > before.Score ? (after.ClassId + skipped + 1, after.Score) : before;
    }

    /// <summary>
    /// One class's scores over many boxes: where a score is higher than the best so far, it and its class take over.
    /// </summary>
    public static void Raise(ReadOnlySpan<float> scores, int classId, Span<float> best, Span<int> classes)
    {
        best = best[..scores.Length];
        classes = classes[..scores.Length];
        var scoreVectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var bestVectors = MemoryMarshal.Cast<float, Vector<float>>(best);
        var classVectors = MemoryMarshal.Cast<int, Vector<int>>(classes);
        var id = new Vector<int>(classId);
        for (var i = 0; i < scoreVectors.Length; i++)
        {
            // Nearly always false: the best so far starts at the threshold.
            if (Vector.GreaterThanAny(scoreVectors[i], bestVectors[i]))
            {
                var higher = Vector.GreaterThan(scoreVectors[i], bestVectors[i]);
                bestVectors[i] = Vector.ConditionalSelect(higher, scoreVectors[i], bestVectors[i]);
                classVectors[i] = Vector.ConditionalSelect(higher, id, classVectors[i]);
            }
        }

        for (var i = scoreVectors.Length * Vector<float>.Count; i < scores.Length; i++)
        {
            if (scores[i] > best[i])
            {
                (best[i], classes[i]) = (scores[i], classId);
            }
        }
    }
}
