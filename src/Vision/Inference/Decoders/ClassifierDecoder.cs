namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// [batch, classes] or [batch, classes, 1, 1]: probabilities where the values lie in 0 to 1 and sum to about 1,
/// otherwise logits that go through softmax. Each of the five best classes above the threshold is one object over the
/// whole picture.
/// </summary>
internal sealed class ClassifierDecoder(ModelProfile profile, OutputHead head) : IOutputDecoder
{
    private const int MostClasses = 5;

    // Half-precision exports leave sums a few thousandths off.
    private const float SumTolerance = 0.01f;

    private readonly float[] _probabilities = new float[profile.Classes.Count];

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        RequireShape(outputs.Shapes[head.Outputs[0]]);
        var values = OutputTable.Picture(outputs, head.Outputs[0], index, profile.Classes.Count);
        ToProbabilities(values, _probabilities);
        var least = MathF.Max(threshold, profile.ConfidenceThreshold);
        for (var taken = 0; taken < Math.Min(MostClasses, profile.MaxDetections); taken++)
        {
            var (classId, probability) = ClassScores.Best(_probabilities, profile.BackgroundClass);
            if (classId < 0 || !(probability > 0 && probability >= least))
            {
                return;
            }

            objects.Add(new ObjectBox(classId, MathF.Min(probability, 1), 0, 0, 1, 1));
            _probabilities[classId] = float.NegativeInfinity;
        }
    }

    private void RequireShape(int[] shape)
    {
        var fits = shape.Length >= 2 && shape[1] == profile.Classes.Count;
        for (var axis = 2; axis < shape.Length; axis++)
        {
            fits &= shape[axis] == 1;
        }

        if (!fits)
        {
            throw new InvalidOperationException(
                $"The classifier gave {shape.Describe()} but has {profile.Classes.Count} classes.");
        }
    }

    private static void ToProbabilities(ReadOnlySpan<float> values, Span<float> probabilities)
    {
        var (sum, inRange) = (0.0, true);
        foreach (var value in values)
        {
            inRange &= value is >= 0 and <= 1;
            sum += value;
        }

        if (inRange && Math.Abs(sum - 1) <= SumTolerance)
        {
            values.CopyTo(probabilities);
            return;
        }

        Softmax(values, probabilities);
    }

    // NaN and infinite logits get no probability; without any finite one nothing has.
    private static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        var highest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            highest = float.IsFinite(logit) && logit > highest ? logit : highest;
        }

        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] = float.IsFinite(logits[i]) ? MathF.Exp(logits[i] - highest) : 0;
            sum += probabilities[i];
        }

        for (var i = 0; i < logits.Length && sum > 0; i++)
        {
            probabilities[i] = (float)(probabilities[i] / sum);
        }
    }
}
