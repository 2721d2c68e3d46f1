using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>One object of a rendering with its box in pixels.</summary>
internal readonly record struct LabelledObject(SiteClass Class, SKRect Box);
