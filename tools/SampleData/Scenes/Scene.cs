using SkiaSharp;

namespace OrleansAiFleet.SampleData.Scenes;

/// <summary>A backdrop with actors, painted back to front; says which objects can be seen.</summary>
internal static class Scene
{
    // An object that nearer ones cover beyond this share is not labelled: a person could not label it either.
    private const float MostCovered = 0.6f;

    /// <summary>Paints a scene over what the canvas shows already.</summary>
    public static IReadOnlyList<LabelledObject> Paint(SKCanvas canvas, IEnumerable<ISceneActor> actors, int width, int height)
    {
        var picture = new SKRect(0, 0, width, height);
        var painted = new List<(LabelledObject Object, int Layer)>();
        var layer = 0;
        foreach (var actor in actors.OrderBy(actor => actor.Depth))
        {
            painted.AddRange(actor.Paint(canvas).Select(found => (found, layer)));
            layer++;
        }

        var bodies = painted.Where(item => item.Object.Class is SiteClass.Worker or SiteClass.Vehicle).ToArray();
        return
        [
            .. painted
                .Where(item => Covered(item.Object.Box, picture, bodies.Where(body => body.Layer > item.Layer)) <= MostCovered)
                .Select(item => item.Object with { Box = SKRect.Intersect(item.Object.Box, picture) })
                .Where(item => item.Box.Width >= 3 && item.Box.Height >= 3),
        ];
    }

    // Share of a box outside the picture or behind nearer bodies, counted on a grid.
    private static float Covered(SKRect box, SKRect picture, IEnumerable<(LabelledObject Object, int Layer)> nearer)
    {
        const int Steps = 12;
        var bodies = nearer.Select(body => SKRect.Inflate(body.Object.Box, -body.Object.Box.Width * 0.15f, 0)).ToArray();
        var hidden = 0;
        for (var i = 0; i < Steps * Steps; i++)
        {
            var point = new SKPoint(
                box.Left + (box.Width * ((i % Steps) + 0.5f) / Steps), box.Top + (box.Height * ((i / Steps) + 0.5f) / Steps));
            if (!picture.Contains(point) || bodies.Any(body => body.Contains(point)))
            {
                hidden++;
            }
        }

        return (float)hidden / (Steps * Steps);
    }
}
