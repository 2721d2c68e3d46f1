using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Finds out what a stored model file is, by opening and running it.</summary>
internal sealed class ModelInspector(ModelFileCache cache, ModelOpener opener, IOptions<InferenceOptions> options) : IDisposable
{
    // Two at a time would measure each other.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Never throws for a bad file: the result says what is wrong with it.</summary>
    public async Task<ModelInspection> InspectAsync(InspectModel request, CancellationToken cancellationToken)
    {
        try
        {
            using var file = await cache.GetAsync(request.FilePath, cancellationToken);
            await _turn.WaitAsync(cancellationToken);
            try
            {
                // Seconds of CPU: a thread of its own, not one of the pool that grains run on.
                return await Task.Factory.StartNew(
                    () => Inspect(file.File, request, cancellationToken),
                    cancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (ModelFaultException exception)
        {
            return Fault(exception.Field, exception.Message);
        }
        catch (Exception exception) when (exception is FileNotFoundException or InvalidDataException)
        {
            return Fault(ModelFaultException.FileField, exception.Message);
        }
    }

    public void Dispose() => _turn.Dispose();

    private static ModelInspection Fault(string field, string message) => new() { Fault = new ModelFault(field, message) };

    private ModelInspection Inspect(string file, InspectModel request, CancellationToken cancellationToken)
    {
        var overrides = ProfileMapping.ToOverrides(request.Configuration, request.Classes);
        var (session, profile, measurement) = opener.Open(file, overrides, options.Value.MaxBatchSize, cancellationToken);
        using (session)
        {
            return new ModelInspection
            {
                Configuration = ProfileMapping.ToConfiguration(profile),
                Classes = [.. profile.Classes],
                InputChannels = profile.Input.Channels,
                MaxBatchSize = measurement.Limit,
                OptimalBatchSize = BatchSizePolicy.Choose(measurement.Timings).BatchSize,
                InferenceMilliseconds = measurement.Timings[0].Milliseconds,
                Signature = [.. session.Contract.Inputs.Concat(session.Contract.Outputs).Select(ModelContractReader.Describe)],
                Metadata = new Dictionary<string, string>(session.Contract.Metadata),
            };
        }
    }
}
