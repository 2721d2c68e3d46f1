using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class ProfileMappingTests
{
    [Fact]
    public void Resolved_configuration_leaves_nothing_open_and_says_it_in_the_files_spellings()
    {
        var configuration = ProfileMapping.ToConfiguration(new ModelProfile
        {
            Input = new InputSpec
            {
                Width = 320,
                Height = 240,
                ColorOrder = ColorOrder.Bgr,
                Resize = ResizeMode.LetterboxTopLeft,
                PadValue = 7,
                Mean = [127, 128, 129],
            },
            Decoder = DecoderKind.EndToEnd,
            Classes = ["a"],
            NmsIou = 0.45f,
            ConfidenceThreshold = 0.3f,
            MaxDetections = 99,
            BackgroundClass = 0,
        });

        Assert.Equal("end_to_end", configuration.Decoder);
        Assert.Equal(("bgr", "letterbox_top_left"), (configuration.ColorOrder, configuration.Resize));
        Assert.Equal((320, 240, 7), (configuration.InputWidth, configuration.InputHeight, configuration.PadValue));
        Assert.Equal([127d, 128, 129], configuration.Mean!);
        Assert.Equal(1 / 255f, (float)configuration.Scale![0]);
        Assert.Equal((0.45, 0.3), (configuration.NmsIou, configuration.ConfidenceThreshold));
        Assert.Equal((99, 0), (configuration.MaxDetections, configuration.BackgroundClass));
    }

    [Theory]
    [InlineData(DecoderKind.Yolov5, "yolov5")]
    [InlineData(DecoderKind.Yolov8, "yolov8")]
    [InlineData(DecoderKind.EndToEnd, "end_to_end")]
    [InlineData(DecoderKind.Yolox, "yolox")]
    [InlineData(DecoderKind.Ssd, "ssd")]
    [InlineData(DecoderKind.Yunet, "yunet")]
    [InlineData(DecoderKind.Classifier, "classifier")]
    public void Decoders_are_spelled_as_the_configuration_file_does(DecoderKind decoder, string expected)
    {
        var profile = new ModelProfile { Input = new InputSpec { Width = 2, Height = 2 }, Decoder = decoder, Classes = [] };

        Assert.Equal(expected, ProfileMapping.ToConfiguration(profile).Decoder);
    }

    [Fact]
    public void Everything_the_owner_says_reaches_the_resolver()
    {
        var configuration = new ModelConfiguration
        {
            Decoder = "ssd",
            InputWidth = 1,
            InputHeight = 2,
            ColorOrder = "gray",
            Resize = "stretch",
            PadValue = 3,
            Mean = [4],
            Scale = [5],
            NmsIou = 0.6,
            ConfidenceThreshold = 0.7,
            MaxDetections = 8,
            BackgroundClass = 9,
        };

        var overrides = ProfileMapping.ToOverrides(configuration, ["person"], ["worker"]);

        var unset = typeof(ProfileOverrides).GetProperties().Where(property => property.GetValue(overrides) is null);
        Assert.Empty(unset.Select(property => property.Name));
        Assert.Equal(
            ("ssd", 1, 2, "gray", "stretch", 3),
            (overrides.Decoder, overrides.InputWidth, overrides.InputHeight, overrides.ColorOrder, overrides.Resize, overrides.PadValue));
        Assert.Equal((0.6, 0.7, 8, 9), (overrides.NmsIou, overrides.ConfidenceThreshold, overrides.MaxDetections, overrides.BackgroundClass));
        Assert.Equal(([4d], [5d]), (overrides.Mean!.ToArray(), overrides.Scale!.ToArray()), ArraysAreEqual);
    }

    private static bool ArraysAreEqual((double[] Mean, double[] Scale) left, (double[] Mean, double[] Scale) right) =>
        left.Mean.SequenceEqual(right.Mean) && left.Scale.SequenceEqual(right.Scale);
}
