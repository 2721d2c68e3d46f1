namespace OrleansAiFleet.Vision.Inference;

/// <summary>
/// Which objects of a model count and what they are called: thresholds and names by class, zones, areas. Pure; made once and used for
/// every frame.
/// </summary>
public sealed class ObjectRules
{
    private readonly string?[] _names;
    private readonly float?[] _thresholds;
    private readonly (float X, float Y)[][] _including;
    private readonly (float X, float Y)[][] _excluding;
    private readonly float _minArea;
    private readonly float _maxArea;

    /// <param name="names">What each class is called, index = class id; null leaves it out.</param>
    /// <param name="thresholds">Lowest confidence of each class, or null for the caller's.</param>
    /// <param name="including">Polygons one of which an object must be in, if there is any; corners as shares of the picture.</param>
    /// <param name="excluding">Polygons that no object may be in.</param>
    /// <param name="minArea">Smallest area of a box as a share of the picture.</param>
    /// <param name="maxArea">Largest area.</param>
    public ObjectRules(
        IReadOnlyList<string?> names,
        IReadOnlyList<float?> thresholds,
        IReadOnlyList<(float X, float Y)[]> including,
        IReadOnlyList<(float X, float Y)[]> excluding,
        float minArea = 0,
        float maxArea = float.PositiveInfinity)
    {
        (_names, _thresholds) = ([.. names], [.. thresholds]);
        (_including, _excluding) = ([.. including], [.. excluding]);
        (_minArea, _maxArea) = (minArea, maxArea);
    }

    /// <summary>Rules that change nothing.</summary>
    public static ObjectRules Of(IReadOnlyList<string> names) => new(names, [], [], []);

    /// <summary>The lowest confidence that any class needs.</summary>
    /// <param name="threshold">Of classes that have none of their own.</param>
    public float LowestThreshold(float threshold) => _thresholds.Aggregate(threshold, (lowest, own) => Math.Min(lowest, own ?? lowest));

    /// <summary>The confidence that objects of a class need.</summary>
    /// <param name="classId">Which.</param>
    /// <param name="threshold">Of classes that have none of their own.</param>
    public float ThresholdOf(int classId, float threshold) =>
        classId >= 0 && classId < _thresholds.Length ? _thresholds[classId] ?? threshold : threshold;

    /// <summary>What a class is called; its number where nobody named it, null where it is left out.</summary>
    public string? NameOf(int classId) => classId >= 0 && classId < _names.Length
        ? _names[classId]
        : classId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether an object counts by class, size and place, whatever its confidence. The box is normalised to the picture.</summary>
    public bool Counts(in ObjectBox found)
    {
        var area = found.Width * found.Height;
        return NameOf(found.ClassId) is not null && area >= _minArea && area <= _maxArea && IsInPlace(found);
    }

    private bool IsInPlace(in ObjectBox found)
    {
        if (_including.Length == 0 && _excluding.Length == 0)
        {
            return true;
        }

        var (x, y) = (found.X + (found.Width / 2), found.Y + found.Height);
        return (_including.Length == 0 || _including.Any(zone => IsInside(zone, x, y))) && !_excluding.Any(zone => IsInside(zone, x, y));
    }

    // Even-odd rule: an odd number of sides lies to the right of a point inside.
    private static bool IsInside((float X, float Y)[] polygon, float x, float y)
    {
        var inside = false;
        for (int i = 0, j = polygon.Length - 1; i < polygon.Length; j = i++)
        {
            var (from, to) = (polygon[i], polygon[j]);
            if (from.Y > y != to.Y > y && x < ((to.X - from.X) * (y - from.Y) / (to.Y - from.Y)) + from.X)
            {
                inside = !inside;
            }
        }

        return inside;
    }
}
