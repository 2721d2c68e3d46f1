namespace OrleansAiFleet.Vision.Inference;

/// <summary>Turns a model's outputs into objects, NMS included. Not for two threads at a time.</summary>
public interface IOutputDecoder
{
    /// <summary>Appends the objects of one picture of the batch, most confident first.</summary>
    /// <param name="outputs">What the model gave.</param>
    /// <param name="index">Which picture of the batch.</param>
    /// <param name="transform">From input pixels back to that picture.</param>
    /// <param name="threshold">Lowest confidence wanted; the profile's own applies where it is higher.</param>
    /// <param name="objects">Receives them; boxes clipped to the picture.</param>
    void Decode(OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects);
}
