using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models.Onnx;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class OnnxChecksTests
{
    public static TheoryData<string> Odd => [.. OddModels.All.Keys];

    [Theory]
    [MemberData(nameof(Odd))]
    public void Odd_model_is_refused_in_words_that_name_its_fault(string name)
    {
        var (file, says) = OddModels.All[name];

        var fault = Assert.Throws<ModelFaultException>(() => OnnxChecks.Verify(file));

        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Equal("file", fault.Field);
        Assert.InRange(fault.Message.Length, 1, 600);
    }

    [Fact]
    public void Model_that_says_everything_is_read()
    {
        byte[] file =
        [
            .. TinyModels.OnePictureInDisguise(),
            .. OnnxWriter.Text(2, "pytorch"),
            .. OnnxWriter.Text(3, "2.9"),
            .. OnnxWriter.Text(6, new string('d', 600)),
            .. OnnxWriter.Message(8, [.. OnnxWriter.Text(1, "com.microsoft"), .. OnnxWriter.Field(2, 1)]),
        ];

        var model = OnnxChecks.Verify(file);

        Assert.Equal((8, "pytorch 2.9", 500), (model.IrVersion, model.Producer, model.Documentation.Length));
        Assert.Equal(new Dictionary<string, long> { ["ai.onnx"] = 17, ["com.microsoft"] = 1 }, model.Opsets);
        Assert.Equal((2L, 1, 1), (model.Parameters, model.Nodes, model.Initializers));
        Assert.Equal("\"picture\" [batch,3,8,8]", OnnxChecks.Describe(model.Graph.Inputs[0]));
    }

    [Theory]
    [InlineData("ai.onnx")]
    [InlineData("ai.onnx.ml")]
    [InlineData("com.microsoft")]
    public void Newest_operators_are_those_that_onnx_runtime_opens(string domain)
    {
        var newest = OnnxLimits.NewestOpset[domain];

        Assert.True(Opens(OnnxLimits.NewestIr, domain, newest));
        Assert.False(Opens(OnnxLimits.NewestIr, domain, newest + 1));
    }

    [Fact]
    public void Newest_format_is_that_which_onnx_runtime_opens()
    {
        Assert.True(Opens(OnnxLimits.NewestIr, "com.microsoft", 1));
        Assert.False(Opens(OnnxLimits.NewestIr + 1, "com.microsoft", 1));
    }

    [Fact]
    public void Field_of_a_later_standard_is_passed_over() =>
        Assert.Equal(1, OnnxChecks.Verify([.. OddModels.Simple(), .. OnnxWriter.Text(99, "later"), .. OnnxWriter.Field(100, 7)]).Nodes);

    [Fact]
    public void Old_file_that_lists_its_weights_among_its_inputs_has_one_input()
    {
        byte[] file =
        [
            .. OnnxWriter.Field(1, 3),
            .. OnnxWriter.Message(7,
            [
                .. OnnxWriter.Message(1, OnnxWriter.Node("Add", ["picture", "w"], ["sum"])),
                .. OnnxWriter.Message(5,
                    [.. OnnxWriter.Field(1, 1), .. OnnxWriter.Field(2, 1), .. OnnxWriter.Text(8, "w"), .. OnnxWriter.Bytes(4, new byte[4])]),
                .. OnnxWriter.Message(11, OnnxWriter.Tensor("picture", 1, 3, 8, 8)),
                .. OnnxWriter.Message(11, OnnxWriter.Tensor("w", 1)),
                .. OnnxWriter.Message(12, OnnxWriter.Tensor("sum", 1, 3, 8, 8)),
            ]),
            .. OnnxWriter.Message(8, [.. OnnxWriter.Text(1, ""), .. OnnxWriter.Field(2, 8)]),
        ];

        Assert.Equal(1, OnnxChecks.Verify(file).Parameters);
    }

    [Fact]
    public void Damaged_odd_model_is_a_model_or_a_fault_and_nothing_else()
    {
        var random = new Random(7);
        foreach (var (file, _) in OddModels.All.Values.Where(odd => odd.File.Length is > 1 and < 100_000))
        {
            for (var i = 0; i < 12; i++)
            {
                var damaged = Mutations.Damage(file, random);
                var other = Record.Exception(() => OnnxChecks.Verify(damaged));
                Assert.True(other is null or ModelFaultException, $"{other}");
            }
        }
    }

    private static bool Opens(long format, string domain, long version)
    {
        byte[] model =
        [
            .. OnnxWriter.Field(1, (ulong)format),
            .. OnnxWriter.Message(7,
            [
                .. OnnxWriter.Message(1, OnnxWriter.Node("Relu", ["picture"], ["positive"])),
                .. OnnxWriter.Text(2, "tiny"),
                .. OnnxWriter.Message(11, OnnxWriter.Tensor("picture", 1, 3, 8, 8)),
                .. OnnxWriter.Message(12, OnnxWriter.Tensor("positive", 1, 3, 8, 8)),
            ]),
            .. OnnxWriter.Message(8, [.. OnnxWriter.Text(1, domain == OnnxParser.StandardDomain ? "" : domain), .. OnnxWriter.Field(2, (ulong)version)]),
            .. domain == OnnxParser.StandardDomain ? [] : OnnxWriter.Message(8, [.. OnnxWriter.Text(1, ""), .. OnnxWriter.Field(2, 17)]),
        ];
        using var quiet = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using var session = new InferenceSession(model, quiet);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    [Fact]
    public void Damaged_file_is_a_model_or_a_fault_and_nothing_else()
    {
        var sample = File.ReadAllBytes(Path.Combine(RealData.RepositoryRoot, "samples", "site-safety.onnx"));
        var random = new Random(20_261_129);
        var (models, faults) = (0, 0);
        for (var i = 0; i < 600; i++)
        {
            var damaged = Mutations.Damage(sample, random);
            try
            {
                OnnxChecks.Verify(damaged);
                models++;
            }
            catch (ModelFaultException)
            {
                faults++;
            }
        }

        Assert.Equal(600, models + faults);
        Assert.InRange(faults, 100, 599);
    }
}
