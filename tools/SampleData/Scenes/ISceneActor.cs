using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>Something labelled that stands in a scene.</summary>
internal interface ISceneActor
{
    /// <summary>Lower edge on the ground: what stands further down stands nearer and is painted later.</summary>
    float Depth { get; }

    /// <summary>Paints it and says what was painted where.</summary>
    IEnumerable<LabelledObject> Paint(SKCanvas canvas);
}
