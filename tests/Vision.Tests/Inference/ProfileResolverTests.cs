using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

public sealed class ProfileResolverTests
{
    [Theory]
    [InlineData("1,3,640,640", "1,25200,85", 80, DecoderKind.Yolov5)]
    [InlineData("1,3,352,352", "1,484,85", 80, DecoderKind.Yolov5)]
    [InlineData("1,3,640,640", "1,84,8400", 80, DecoderKind.Yolov8)]
    [InlineData("-1,3,416,416", "-1,84,3549", 80, DecoderKind.Yolov8)]
    [InlineData("1,3,640,640", "1,8400,84", 80, DecoderKind.Yolov8)]
    [InlineData("1,3,640,640", "1,5,8400", 1, DecoderKind.Yolov8)]
    [InlineData("1,3,416,416", "1,3549,85", 80, DecoderKind.Yolox)]
    [InlineData("1,3,640,640", "1,8400,85", 80, DecoderKind.Yolox)]
    [InlineData("1,3,640,640", "1,300,6", 80, DecoderKind.EndToEnd)]
    [InlineData("1,3,640,640", "-1,-1,6", 3, DecoderKind.EndToEnd)]
    [InlineData("1,3,224,224", "1,1000", 1000, DecoderKind.Classifier)]
    [InlineData("-1,3,224,224", "-1,10,1,1", 10, DecoderKind.Classifier)]
    public void The_decoder_follows_from_the_outputs(string input, string output, int labels, DecoderKind expected)
    {
        var contract = Contract(Shape(input), Output("output", Shape(output)));

        var profile = Resolved(contract, new ProfileOverrides { Classes = Names(labels) });

        Assert.Equal(expected, profile.Decoder);
        Assert.Equal(labels, profile.Classes.Count);
        Assert.NotNull(OutputDecoders.Create(profile, contract));
    }

    [Theory]
    [InlineData("1,3,416,416", "1,3549,85", DecoderKind.Yolox, 80)]
    [InlineData("1,3,640,640", "1,25200,6", DecoderKind.Yolov5, 1)]
    [InlineData("1,3,640,640", "1,84,8400", DecoderKind.Yolov8, 80)]
    [InlineData("1,1,28,28", "1,10", DecoderKind.Classifier, 10)]
    public void Without_labels_classes_are_numbered(string input, string output, DecoderKind expected, int classes)
    {
        var profile = Resolved(Contract(Shape(input), Output("output", Shape(output))));

        Assert.Equal(expected, profile.Decoder);
        Assert.Equal(Enumerable.Range(0, classes).Select(i => $"class_{i}"), profile.Classes);
    }

    [Theory]
    [InlineData("1,3,352,352", "1,484,6", "yolov5 or end_to_end")]
    [InlineData("1,3,640,640", "1,-1,85", "yolov5 or yolox")]
    public void What_can_be_read_in_several_ways_names_them(string input, string output, string candidates)
    {
        var fault = Fault(Contract(Shape(input), Output("output", Shape(output))));

        Assert.Equal("configuration.decoder", fault.FaultField);
        Assert.Contains(candidates, fault.FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_settle_what_shapes_leave_open()
    {
        var contract = Contract([1, 3, 640, 640], Output("output0", [1, -1, 85])) with
        {
            Metadata = new Dictionary<string, string> { ["stride"] = "32" },
        };

        Assert.Equal(DecoderKind.Yolov5, Resolved(contract).Decoder);
    }

    [Fact]
    public void An_ultralytics_file_needs_no_configuration()
    {
        var contract = Contract([-1, 3, -1, -1], Output("output0", [-1, 6, -1])) with
        {
            Metadata = new Dictionary<string, string>
            {
                ["names"] = "{0: 'helmet', 1: \"worker's vest\"}",
                ["imgsz"] = "[384, 640]",
                ["task"] = "detect",
                ["stride"] = "32",
            },
        };

        var profile = Resolved(contract);

        Assert.Equal(DecoderKind.Yolov8, profile.Decoder);
        Assert.Equal(["helmet", "worker's vest"], profile.Classes);
        Assert.Equal((640, 384), (profile.Input.Width, profile.Input.Height));
        Assert.Equal((ColorOrder.Rgb, ResizeMode.Letterbox), (profile.Input.ColorOrder, profile.Input.Resize));
        Assert.Equal(114, profile.Input.PadValue);
        Assert.Equal([1 / 255f, 1 / 255f, 1 / 255f], profile.Input.Scale);
    }

    [Fact]
    public void Every_family_has_its_customary_preprocessing()
    {
        var yolox = Resolved(Contract([1, 3, 416, 416], Output("output", [1, 3549, 85]))).Input;
        var ssd = Resolved(Contract([1, 3, 240, 320], Output("scores", [1, 4420, 2]), Output("boxes", [1, 4420, 4])));
        var digits = Resolved(Contract([1, 1, 28, 28], Output("output", [1, 10]))).Input;

        Assert.Equal((ColorOrder.Bgr, ResizeMode.LetterboxTopLeft, 114), (yolox.ColorOrder, yolox.Resize, yolox.PadValue));
        Assert.Equal([1f, 1f, 1f], yolox.Scale);
        Assert.Equal((ColorOrder.Rgb, ResizeMode.Stretch), (ssd.Input.ColorOrder, ssd.Input.Resize));
        Assert.Equal((320, 240), (ssd.Input.Width, ssd.Input.Height));
        Assert.Equal((127f, 1 / 128f, 0), (ssd.Input.Mean[2], ssd.Input.Scale[2], ssd.BackgroundClass));
        Assert.Equal((ColorOrder.Gray, ResizeMode.Stretch), (digits.ColorOrder, digits.Resize));
        Assert.Equal([1f], digits.Scale);
    }

    [Fact]
    public void Ssd_outputs_come_in_either_order()
    {
        var contract = Contract([1, 3, 240, 320], Output("boxes", [1, 4420, 4]), Output("scores", [1, 4420, 2]));

        Assert.Equal(DecoderKind.Ssd, Resolved(contract).Decoder);
    }

    [Fact]
    public void Usual_names_are_none_of_the_class_that_means_nothing()
    {
        var contract = Contract([1, 3, 240, 320], Output("boxes", [1, 4420, 4]), Output("scores", [1, 4420, 2]));

        Assert.Equal(["class_0", "class_1"], Resolved(contract, new ProfileOverrides { UsualClasses = ["person", "face"] }).Classes);
        Assert.Equal(["background", "face"], Resolved(contract, new ProfileOverrides { UsualClasses = ["face"] }).Classes);
        Assert.Equal(["background", "face"], Resolved(contract, new ProfileOverrides { UsualClasses = ["background", "face"] }).Classes);
    }

    [Fact]
    public void A_label_file_without_the_background_is_completed()
    {
        var contract = Contract([1, 3, 240, 320], Output("boxes", [1, 4420, 4]), Output("scores", [1, 4420, 2]));

        Assert.Equal(["background", "face"], Resolved(contract, new ProfileOverrides { Classes = ["face"] }).Classes);
    }

    [Fact]
    public void Yunet_is_known_by_the_names_of_its_outputs()
    {
        var outputs =
            from part in new[] { ("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10) }
            from stride in new[] { (8, 1600), (16, 400), (32, 100) }
            select Output($"{part.Item1}_{stride.Item1}", [1, stride.Item2, part.Item2]);

        var profile = Resolved(Contract([1, 3, 320, 320], [.. outputs]));

        Assert.Equal(DecoderKind.Yunet, profile.Decoder);
        Assert.Equal(["face"], profile.Classes);
        Assert.Equal((ColorOrder.Bgr, ResizeMode.LetterboxTopLeft), (profile.Input.ColorOrder, profile.Input.Resize));
        Assert.Equal(0, profile.Input.PadValue);
    }

    [Fact]
    public void Channels_last_is_seen_from_the_axis_of_three()
    {
        var profile = Resolved(Contract([1, 224, 224, 3], Output("output", [1, 1000])));

        Assert.Equal(TensorLayout.Nhwc, profile.Input.Layout);
        Assert.Equal((224, 224, 3), (profile.Input.Width, profile.Input.Height, profile.Input.Channels));
    }

    [Fact]
    public void A_model_of_bytes_gets_them_as_they_are()
    {
        var contract = Contract([1, 3, 640, 640], Output("output", [1, 84, 8400]));
        contract = contract with { Inputs = [contract.Inputs[0] with { Type = TensorType.Byte }] };

        Assert.Equal([1f, 1f, 1f], Resolved(contract).Input.Scale);
        Assert.Equal("configuration.scale", Fault(contract, new ProfileOverrides { Scale = [0.5] }).FaultField);
    }

    [Fact]
    public void What_the_owner_says_wins()
    {
        var overrides = new ProfileOverrides
        {
            Decoder = "yolov5",
            ColorOrder = "bgr",
            Resize = "stretch",
            PadValue = 0,
            Mean = [1, 2, 3],
            Scale = [0.5],
            NmsIou = 0.6,
            ConfidenceThreshold = 0.1,
            MaxDetections = 7,
        };

        var profile = Resolved(Contract([1, 3, 416, 416], Output("output", [1, 3549, 85])), overrides);

        Assert.Equal(DecoderKind.Yolov5, profile.Decoder);
        Assert.Equal((ColorOrder.Bgr, ResizeMode.Stretch, 0), (profile.Input.ColorOrder, profile.Input.Resize, profile.Input.PadValue));
        Assert.Equal([1f, 2f, 3f], profile.Input.Mean);
        Assert.Equal([0.5f, 0.5f, 0.5f], profile.Input.Scale);
        Assert.Equal((0.6f, 0.1f, 7), (profile.NmsIou, profile.ConfidenceThreshold, profile.MaxDetections));
    }

    private static ModelProfile Resolved(ModelContract contract, ProfileOverrides? overrides = null)
    {
        var resolution = ProfileResolver.Resolve(contract, overrides ?? new ProfileOverrides());
        Assert.True(resolution.Profile is not null, $"{resolution.FaultField}: {resolution.FaultMessage}");
        return resolution.Profile;
    }

    private static ProfileResolution Fault(ModelContract contract, ProfileOverrides? overrides = null)
    {
        var resolution = ProfileResolver.Resolve(contract, overrides ?? new ProfileOverrides());
        Assert.Null(resolution.Profile);
        return resolution;
    }

    private static ModelContract Contract(int[] input, params TensorContract[] outputs) => new(
        [new TensorContract("images", TensorType.Real32, input)], outputs, new Dictionary<string, string>());

    private static TensorContract Output(string name, int[] shape) => new(name, TensorType.Real32, shape);

    private static int[] Shape(string text) => [.. text.Split(',').Select(int.Parse)];

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"name {i}")];
}
