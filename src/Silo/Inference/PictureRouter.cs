using Microsoft.Extensions.Options;

using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>Has pictures inferred by workers.</summary>
internal interface IPictureRouter
{
    /// <summary>An answer for each picture, in their order.</summary>
    /// <param name="pictures">Of one model.</param>
    /// <param name="among">Parsable addresses of the workers that serve it; none: any may.</param>
    /// <param name="cancellationToken">Reaches the workers' queues.</param>
    /// <exception cref="InferenceRefusedException">There is no worker.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or the caller gave up.</exception>
    Task<IReadOnlyList<InferredPicture>> InferAsync(
        IReadOnlyList<PictureToInfer> pictures, IReadOnlyCollection<string> among, CancellationToken cancellationToken);
}

/// <summary>
/// Sends pictures to the worker with the shortest queue, a few at a time; where it cannot, another one is asked once.
/// </summary>
/// <param name="workers">Those that are up now.</param>
/// <param name="client">Reaches them.</param>
/// <param name="options">How many pictures at a time.</param>
/// <param name="time">For what is left of a picture's time.</param>
/// <param name="logger">Takes what failed.</param>
internal sealed partial class PictureRouter(
    Func<IReadOnlyList<SiloAddress>> workers,
    IInferenceServiceClient client,
    IOptions<InferenceApiOptions> options,
    TimeProvider time,
    ILogger<PictureRouter> logger) : IPictureRouter
{
    // Who takes longer to say how long its queue is has no short one.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<InferredPicture>> InferAsync(
        IReadOnlyList<PictureToInfer> pictures, IReadOnlyCollection<string> among, CancellationToken cancellationToken)
    {
        var order = await OrderAsync(pictures[0].Model.ModelId, among, cancellationToken);
        if (order.Length == 0)
        {
            throw new InferenceRefusedException(new(503, "no_worker", "No worker is up. Start one, then repeat the request.", RetryAfter: Soon));
        }

        var answers = new InferredPicture[pictures.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, pictures.Count),
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.PicturesAtOnce, CancellationToken = cancellationToken },
            async (index, token) => answers[index] = await InferAsync(pictures[index], order, token));
        return answers;
    }

    private async Task<SiloAddress[]> OrderAsync(Guid modelId, IReadOnlyCollection<string> among, CancellationToken cancellationToken)
    {
        // Workers that would have to load it take turns by chance. Where all that serve it are gone, others do.
        var up = workers();
        SiloAddress[] there = [.. up.Where(worker => among.Contains(worker.ToParsableString()))];
        there = there.Length > 0 ? there : [.. up];
        Random.Shared.Shuffle(there);
        return WorkerOrder.Of(await Task.WhenAll(there.Select(async worker => (worker, await AskAsync(worker, modelId, cancellationToken)))));
    }

    private async Task<int?> AskAsync(SiloAddress worker, Guid modelId, CancellationToken cancellationToken)
    {
        try
        {
            return await client.On(worker).GetPending(modelId, cancellationToken).WaitAsync(AnswerLimit, time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(worker, exception.GetType().Name);
            return null;
        }
    }

    private async Task<InferredPicture> InferAsync(PictureToInfer picture, SiloAddress[] order, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var first = await TryAsync(order[0], picture, cancellationToken);
        if (order.Length == 1 || first.Fault is not (PictureFault.Busy or PictureFault.ModelNotReady or PictureFault.Failed))
        {
            return first;
        }

        var left = picture.Timeout - time.GetElapsedTime(started);
        return left <= TimeSpan.Zero
            ? new() { Fault = PictureFault.TimedOut }
            : await TryAsync(order[1], picture with { Timeout = left }, cancellationToken);
    }

    private async Task<InferredPicture> TryAsync(SiloAddress worker, PictureToInfer picture, CancellationToken cancellationToken)
    {
        try
        {
            return await client.On(worker).InferPicture(picture, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(worker, picture.Model.DisplayName, exception.GetType().Name, exception.Message);
            return new() { Fault = PictureFault.Failed };
        }
    }

    [LoggerMessage(LogLevel.Debug, "Worker {Worker} does not say how long its queue is ({Kind})")]
    private partial void LogSilent(SiloAddress worker, string kind);

    [LoggerMessage(LogLevel.Warning, "Worker {Worker} did not take a picture for model {Model} ({Kind}: {Reason})")]
    private partial void LogFailed(SiloAddress worker, string model, string kind, string reason);
}
