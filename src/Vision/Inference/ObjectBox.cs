namespace OrleansAiFleet.Vision.Inference;

/// <summary>One object: class, confidence (0 to 1) and box normalised to the picture (left, top, width, height).</summary>
public readonly record struct ObjectBox(int ClassId, float Confidence, float X, float Y, float Width, float Height);
