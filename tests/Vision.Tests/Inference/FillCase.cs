using FsCheck;
using FsCheck.Fluent;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

/// <summary>One picture and one model's wishes.</summary>
public sealed record FillCase(int Width, int Height, int Seed, InputSpec Spec);

/// <summary>Any sizes, modes, orders and layouts.</summary>
public static class FillCases
{
    public static Arbitrary<FillCase> Any()
    {
        var cases =
            from width in Gen.Choose(1, 60)
            from height in Gen.Choose(1, 40)
            from seed in Gen.Choose(0, int.MaxValue)
            from inputWidth in Gen.Choose(2, 150)
            from inputHeight in Gen.Choose(2, 90)
            from order in Gen.Elements(Enum.GetValues<ColorOrder>())
            from resize in Gen.Elements(Enum.GetValues<ResizeMode>())
            from layout in Gen.Elements(Enum.GetValues<TensorLayout>())
            from pad in Gen.Choose(0, 255)
            from isPlain in Gen.Elements(true, false)
            select new FillCase(width * 2, height * 2, seed, new InputSpec
            {
                Width = inputWidth,
                Height = inputHeight,
                ColorOrder = order,
                Resize = resize,
                Layout = layout,
                PadValue = (byte)pad,
                Mean = isPlain ? [0, 0, 0] : [123.675f, 116.28f, 103.53f],
                Scale = isPlain ? [1, 1, 1] : [1 / 58.395f, 1 / 57.12f, 1 / 57.375f],
            });
        return cases.ToArbitrary();
    }

    /// <summary>The picture has the inner size already.</summary>
    public static FillCase AtInnerSize(FillCase any)
    {
        var (width, height) = TensorFiller.InnerSize(any.Width, any.Height, any.Spec);
        return any with { Width = width, Height = height };
    }
}
