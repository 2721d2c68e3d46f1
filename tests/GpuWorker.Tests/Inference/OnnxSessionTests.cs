using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

public sealed class OnnxSessionTests
{
    [Fact]
    public void Contract_names_types_and_open_sides()
    {
        using var session = Bench.Open(TinyModels.ChannelMeans());

        Assert.Equal("picture float32[?,3,8,8]", ModelContractReader.Describe(session.Contract.Inputs[0]));
        Assert.Equal("means float32[?,3,1,1]", ModelContractReader.Describe(session.Contract.Outputs[0]));
        Assert.True(session.TakesBatches);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_picture_of_a_batch_gets_its_own_result(bool hidesOutputShape)
    {
        using var session = Bench.Open(TinyModels.ChannelMeans(hidesOutputShape: hidesOutputShape));
        using var buffers = session.Allocate(Bench.TinyInput, maximumBatch: 4);
        for (var count = 1; count <= 4; count++)
        {
            for (var i = 0; i < count; i++)
            {
                buffers.RealInput(i).Fill(10 * (i + 1));
            }

            var outputs = buffers.Run(count);

            Assert.Equal([count, 3, 1, 1], outputs.Shapes[0]);
            Assert.Equal(
                Enumerable.Range(1, count).SelectMany(i => new float[] { 10 * i, 10 * i, 10 * i }),
                outputs.Tensors[0].ToArray());
        }
    }

    [Fact]
    public void Run_allocates_next_to_nothing()
    {
        using var session = Bench.Open(TinyModels.ChannelMeans());
        using var buffers = session.Allocate(Bench.TinyInput, maximumBatch: 4);
        buffers.Run(4);

        var before = GC.GetAllocatedBytesForCurrentThread();
        buffers.Run(4);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    [Fact]
    public void Fixed_batch_axis_means_one_picture_per_run()
    {
        using var session = Bench.Open(TinyModels.ChannelMeans(batch: 1));

        Assert.False(session.TakesBatches);
        Assert.Equal(1, BatchProbe.Measure(session, Bench.TinyInput, 16, CancellationToken.None).Limit);
    }

    [Fact]
    public void Warm_up_finds_the_batch_axis_that_is_open_in_name_only()
    {
        using var session = Bench.Open(TinyModels.OnePictureInDisguise());

        var measurement = BatchProbe.Measure(session, Bench.TinyInput, 16, CancellationToken.None);

        Assert.Equal(1, measurement.Limit);
        Assert.Equal(1, Assert.Single(measurement.Timings).BatchSize);
    }

    [Fact]
    public void Input_size_that_the_model_does_not_take_is_said_before_it_runs()
    {
        using var session = Bench.Open(TinyModels.ChannelMeans());

        var fault = Assert.Throws<ModelFaultException>(
            () => session.Allocate(new InputSpec { Width = 16, Height = 8 }, maximumBatch: 1));

        Assert.Contains("picture float32[?,3,8,8]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("[3,8,16]", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_no_model() => AssertFault("certainly no model"u8.ToArray(), "not an ONNX model");

    [Fact]
    public void Nothing_is_no_model() => AssertFault([], "not an ONNX model");

    [Fact]
    public void Truncated_file_is_no_model() => AssertFault(TinyModels.ChannelMeans()[..40], "not an ONNX model");

    [Fact]
    public void Weights_in_other_files_are_refused() => AssertFault(TinyModels.WithExternalWeights(), "other files");

    [Fact]
    public void Unknown_operator_is_named() => AssertFault(TinyModels.WithUnknownOperator(), "Frobnicate");

    [Fact]
    public void Missing_batch_axis_is_said_with_the_shape() =>
        AssertFault(TinyModels.WithoutBatchAxis(), "float32[3,8,8]: it needs four axes");

    [Fact]
    public void Batch_of_four_only_is_refused() => AssertFault(TinyModels.ChannelMeans(batch: 4), "must be 1 or open, not 4");

    [Fact]
    public void Provider_is_the_processor_where_cuda_is_missing()
    {
        Assert.Equal((SessionFactory.Cpu, "no card"), SessionFactory.Choose(ExecutionProviderChoice.Auto, () => "no card"));
        Assert.Equal(SessionFactory.Cuda, SessionFactory.Choose(ExecutionProviderChoice.Auto, () => null).Provider);
        Assert.Equal(SessionFactory.Cpu, SessionFactory.Choose(ExecutionProviderChoice.Cpu, () => null).Provider);
    }

    [Fact]
    public void Cuda_that_was_asked_for_and_is_missing_stops_the_start()
    {
        var refusal = Assert.Throws<InvalidOperationException>(
            () => SessionFactory.Choose(ExecutionProviderChoice.Cuda, () => "no card"));

        Assert.Contains("no card", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertFault(byte[] file, string expected)
    {
        var fault = Assert.Throws<ModelFaultException>(() => Bench.Open(file).Dispose());
        Assert.Equal("file", fault.Field);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }
}
