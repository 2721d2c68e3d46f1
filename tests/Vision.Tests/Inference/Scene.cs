using FsCheck;
using FsCheck.Fluent;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

/// <summary>Objects in a picture that do not overlap: one at most in each field of a coarse raster.</summary>
public sealed record Scene(IReadOnlyList<ObjectBox> Objects)
{
    public const int Classes = 7;
    private const int Columns = 5;
    private const int Rows = 3;

    /// <summary>Generates scenes for properties.</summary>
    public static Arbitrary<Scene> Arbitrary() =>
        Gen.ListOf(OneObject(), Columns * Rows)
            .SelectMany(all => Gen.Choose(0, (1 << (Columns * Rows)) - 1).Select(chosen => Choose(all, chosen)))
            .ToArbitrary();

    private static Scene Choose(IEnumerable<Placed> all, int chosen) =>
        new([.. all.Index().Where(item => (chosen >> item.Index & 1) == 1).Select(item => item.Item.At(item.Index))]);

    // Confidences are spread so far that no two change places by rounding.
    private static Gen<Placed> OneObject() =>
        from classId in Gen.Choose(0, Classes - 1)
        from width in Gen.Choose(30, 90)
        from height in Gen.Choose(30, 90)
        from confidence in Gen.Choose(0, 30)
        select new Placed(classId, width / 100f, height / 100f, confidence / 1000f);

    private sealed record Placed(int ClassId, float Width, float Height, float Extra)
    {
        public ObjectBox At(int field)
        {
            var (width, height) = (Width / Columns, Height / Rows);
            var x = ((field % Columns) + 0.5f) / Columns;
            var y = ((field / Columns) + 0.5f) / Rows;
            var confidence = 0.35f + (0.04f * field) + Extra;
            return new ObjectBox(ClassId, confidence, x - (width / 2), y - (height / 2), width, height);
        }
    }
}
