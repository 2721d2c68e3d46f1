namespace OrleansAiFleet.Vision.Inference;

/// <summary>Mean and scale of three neighbours in memory: of one channel three times, or of three channels in turn.</summary>
internal readonly record struct ChannelScale(
    float Mean0, float Mean1, float Mean2, float Scale0, float Scale1, float Scale2)
{
    /// <summary>For a plane of one channel.</summary>
    public static ChannelScale Of(InputSpec spec, int channel)
    {
        var (mean, scale) = (spec.Mean[channel], spec.Scale[channel]);
        return new ChannelScale(mean, mean, mean, scale, scale, scale);
    }

    /// <summary>For three channels side by side.</summary>
    public static ChannelScale Interleaved(InputSpec spec) =>
        new(spec.Mean[0], spec.Mean[1], spec.Mean[2], spec.Scale[0], spec.Scale[1], spec.Scale[2]);

    /// <summary>What a pixel value becomes; <paramref name="phase"/> 0 to 2.</summary>
    public float Apply(byte pixel, int phase) => phase switch
    {
        0 => (pixel - Mean0) * Scale0,
        1 => (pixel - Mean1) * Scale1,
        _ => (pixel - Mean2) * Scale2,
    };

    /// <summary>Mean at this place of a run that starts with the first channel.</summary>
    public float MeanAt(int place) => (place % 3) switch { 0 => Mean0, 1 => Mean1, _ => Mean2 };

    /// <summary>Scale at this place of a run that starts with the first channel.</summary>
    public float ScaleAt(int place) => (place % 3) switch { 0 => Scale0, 1 => Scale1, _ => Scale2 };
}
