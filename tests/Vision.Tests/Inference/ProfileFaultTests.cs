using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

public sealed class ProfileFaultTests
{
    private static readonly ModelContract Yolox = Contract([1, 3, 416, 416], [1, 3549, 85]);

    public static TheoryData<string, ProfileOverrides> WrongOverrides() => new()
    {
        { "configuration.decoder", new ProfileOverrides { Decoder = "yolo" } },
        { "configuration.decoder", new ProfileOverrides { Decoder = "YOLOX" } },
        { "configuration.decoder", new ProfileOverrides { Decoder = "ssd" } },
        { "configuration.input_width", new ProfileOverrides { InputWidth = 640 } },
        { "configuration.input_height", new ProfileOverrides { InputHeight = 0 } },
        { "configuration.color_order", new ProfileOverrides { ColorOrder = "gbr" } },
        { "configuration.color_order", new ProfileOverrides { ColorOrder = "gray" } },
        { "configuration.resize", new ProfileOverrides { Resize = "crop" } },
        { "configuration.pad_value", new ProfileOverrides { PadValue = 256 } },
        { "configuration.mean", new ProfileOverrides { Mean = [1, 2] } },
        { "configuration.mean", new ProfileOverrides { Mean = [-1] } },
        { "configuration.mean", new ProfileOverrides { Mean = [double.NaN] } },
        { "configuration.scale", new ProfileOverrides { Scale = [] } },
        { "configuration.scale", new ProfileOverrides { Scale = [1, 1, 0] } },
        { "configuration.scale", new ProfileOverrides { Scale = [double.PositiveInfinity] } },
        { "configuration.nms_iou", new ProfileOverrides { NmsIou = 1.1 } },
        { "configuration.nms_iou", new ProfileOverrides { NmsIou = double.NaN } },
        { "configuration.confidence_threshold", new ProfileOverrides { ConfidenceThreshold = -0.1 } },
        { "configuration.max_detections", new ProfileOverrides { MaxDetections = 0 } },
        { "configuration.background_class", new ProfileOverrides { BackgroundClass = 80 } },
        { "labels", new ProfileOverrides { Classes = [] } },
        { "labels", new ProfileOverrides { Classes = [.. Enumerable.Repeat("thing", 79), " "] } },
    };

    [Theory]
    [InlineData("classify", null)]
    [InlineData("detect", "classifier")]
    public void Decoder_that_contradicts_the_files_task_is_a_fault_that_says_both(string task, string? decoder)
    {
        var contract = (decoder is null ? Yolox : Contract([1, 3, 224, 224], [1, 10])) with { Metadata = new Dictionary<string, string> { ["task"] = task } };

        var fault = Fault(contract, new ProfileOverrides { Decoder = decoder });

        Assert.Equal("configuration.decoder", fault.FaultField);
        Assert.Contains($"\"{task}\", but the decoder is {decoder ?? "yolox"}", fault.FaultMessage, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongOverrides))]
    public void A_wrong_word_or_number_names_its_field(string field, ProfileOverrides overrides) =>
        Assert.Equal(field, Fault(Yolox, overrides).FaultField);

    [Fact]
    public void A_wrong_number_of_labels_names_both_numbers()
    {
        var fault = Fault(Yolox, new ProfileOverrides { Classes = [.. Enumerable.Repeat("thing", 79)] });

        Assert.Equal("labels", fault.FaultField);
        Assert.Contains("79", fault.FaultMessage, StringComparison.Ordinal);
        Assert.Contains("80", fault.FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void One_label_too_few_is_no_background_where_a_background_is_named()
    {
        var contract = Contract([1, 3, 300, 300], [1, 8732, 21], [1, 8732, 4]);

        var fault = Fault(contract, new ProfileOverrides { Classes = ["background", .. Enumerable.Repeat("thing", 19)] });

        Assert.Equal("labels", fault.FaultField);
    }

    [Fact]
    public void An_end_to_end_model_needs_labels()
    {
        var fault = Fault(Contract([1, 3, 640, 640], [1, 300, 6]), new ProfileOverrides());

        Assert.Equal("labels", fault.FaultField);
    }

    [Fact]
    public void Outputs_that_nothing_reads_are_shown()
    {
        var fault = Fault(Contract([1, 3, 640, 640], [1, 7, 7, 30]), new ProfileOverrides());

        Assert.Equal("configuration.decoder", fault.FaultField);
        Assert.StartsWith("No decoder fits outputs output_0 [1, 7, 7, 30]", fault.FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_contradicts_the_outputs_is_refused()
    {
        var contract = Contract([1, 3, -1, -1], [1, 84, 8400]);

        var fault = Fault(contract, new ProfileOverrides { InputWidth = 416, InputHeight = 416 });

        Assert.Equal("configuration.decoder", fault.FaultField);
        Assert.Contains("3549", fault.FaultMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_size_must_be_given_and_suit_the_grids()
    {
        var contract = Contract([1, 3, -1, -1], [1, 84, -1]);

        Assert.Equal("configuration.input_width", Fault(contract, new ProfileOverrides()).FaultField);
        Assert.Equal("configuration.input_height", Fault(contract, new ProfileOverrides { InputWidth = 640 }).FaultField);
        Assert.Equal(
            "configuration.input_height",
            Fault(contract, new ProfileOverrides { InputWidth = 640, InputHeight = 360 }).FaultField);
    }

    [Theory]
    [InlineData(1, 3, 224)]
    [InlineData(1, 4, 224, 224)]
    [InlineData(8, 3, 224, 224)]
    [InlineData(-1, -1, -1, -1)]
    public void An_input_that_is_no_single_picture_is_refused(params int[] shape) =>
        Assert.Equal("file", Fault(Contract(shape, [1, 10]), new ProfileOverrides()).FaultField);

    [Fact]
    public void Inputs_of_another_number_or_type_are_refused()
    {
        var (first, second) = (Yolox.Inputs[0], new TensorContract("size", TensorType.Other, [2]));

        Assert.Equal("file", Fault(Yolox with { Inputs = [first, second] }, new ProfileOverrides()).FaultField);
        Assert.Equal("file", Fault(Yolox with { Inputs = [] }, new ProfileOverrides()).FaultField);
        Assert.Equal(
            "file", Fault(Yolox with { Inputs = [first with { Type = TensorType.Other }] }, new ProfileOverrides()).FaultField);
    }

    [Theory]
    [InlineData("task", "pose", "file")]
    [InlineData("names", "{0: 'a', 2: 'b'}", "labels")]
    [InlineData("names", "{0: 'a'}", "labels")]
    public void Metadata_that_cannot_be_followed_are_a_fault(string key, string value, string field)
    {
        var contract = Yolox with { Metadata = new Dictionary<string, string> { [key] = value } };

        Assert.Equal(field, Fault(contract, new ProfileOverrides()).FaultField);
    }

    private static ProfileResolution Fault(ModelContract contract, ProfileOverrides overrides)
    {
        var resolution = ProfileResolver.Resolve(contract, overrides);
        Assert.Null(resolution.Profile);
        Assert.EndsWith(".", resolution.FaultMessage, StringComparison.Ordinal);
        return resolution;
    }

    private static ModelContract Contract(int[] input, params int[][] outputs) => new(
        [new TensorContract("images", TensorType.Real32, input)],
        [.. outputs.Select((shape, i) => new TensorContract($"output_{i}", TensorType.Real32, shape))],
        new Dictionary<string, string>());
}
