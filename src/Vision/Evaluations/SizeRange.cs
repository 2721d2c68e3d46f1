namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>Areas in square pixels, both ends included.</summary>
internal readonly record struct SizeRange(double Least, double Most)
{
    public static readonly SizeRange All = new(0, 1e10);
    public static readonly SizeRange Small = new(0, 32 * 32);
    public static readonly SizeRange Medium = new(32 * 32, 96 * 96);
    public static readonly SizeRange Large = new(96 * 96, 1e10);

    public bool Contains(double area) => area >= Least && area <= Most;
}
