namespace OrleansAiFleet.Vision.Inference;

/// <summary>
/// From the model's input pixels back to the picture: picture position (0 to 1) = (input pixel - offset) * factor.
/// </summary>
public readonly record struct PictureTransform(float OffsetX, float OffsetY, float FactorX, float FactorY);
