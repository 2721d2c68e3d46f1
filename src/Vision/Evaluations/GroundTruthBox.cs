namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>One annotated object: box from its left top corner, in pixels.</summary>
/// <param name="ImageId">Which picture.</param>
/// <param name="ClassId">Which class.</param>
/// <param name="X">Left.</param>
/// <param name="Y">Top.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Area">Of the object in square pixels: of its outline where there is one. Decides small, medium, large.</param>
/// <param name="IsCrowd">
/// Many objects in one box: it may match any number of detections and none of them counts. (The reference sets its
/// <c>ignore</c> mark from this one whatever a file says, so there is no other.)
/// </param>
public readonly record struct GroundTruthBox(
    long ImageId, int ClassId, double X, double Y, double Width, double Height, double Area, bool IsCrowd = false);
