using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>How alike two boxes are.</summary>
internal static class BoxGeometry
{
    /// <summary>Intersection over union, 0 to 1.</summary>
    public static float Iou(in ObjectBox a, in ObjectBox b)
    {
        var width = MathF.Min(a.X + a.Width, b.X + b.Width) - MathF.Max(a.X, b.X);
        var height = MathF.Min(a.Y + a.Height, b.Y + b.Height) - MathF.Max(a.Y, b.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var shared = width * height;
        return shared / ((a.Width * a.Height) + (b.Width * b.Height) - shared);
    }

    /// <summary>Distance of the centres in mean box sizes: 1 is one width aside or one height up or down.</summary>
    public static float Distance(in ObjectBox a, in ObjectBox b)
    {
        var x = (a.X - b.X + ((a.Width - b.Width) / 2)) / ((a.Width + b.Width) / 2);
        var y = (a.Y - b.Y + ((a.Height - b.Height) / 2)) / ((a.Height + b.Height) / 2);
        return MathF.Sqrt((x * x) + (y * y));
    }

    /// <summary>Whether both sides agree within the ratio.</summary>
    public static bool AreOfSize(in ObjectBox a, in ObjectBox b, float ratio) =>
        Agree(a.Width, b.Width, ratio) && Agree(a.Height, b.Height, ratio);

    private static bool Agree(float a, float b, float ratio) => MathF.Max(a, b) <= ratio * MathF.Min(a, b);
}
