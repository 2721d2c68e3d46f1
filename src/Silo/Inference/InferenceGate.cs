using System.Globalization;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>A call's place among those that a deployment takes at a time, given back when it is disposed.</summary>
internal sealed partial class InferenceGate(IInferenceGateGrain gate, Guid call, ILogger logger) : IAsyncDisposable
{
    // A silo that died holds its places for so long beyond the longest that a call may take.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Asks for a place and tells the caller in headers how many calls are left.</summary>
    /// <exception cref="InferenceRefusedException">There is none.</exception>
    public static async Task<InferenceGate> EnterAsync(
        IGrainFactory grains, Deployment deployment, TimeSpan longest, IHeaderDictionary answer, ILogger logger)
    {
        var grain = grains.GetGrain<IInferenceGateGrain>(deployment.Id);
        var call = Guid.CreateVersion7();
        var limits = new InferenceLimits(deployment.MaxConcurrentRequests, deployment.RateLimitRequestsPerMinute, longest + Margin);
        var admission = await grain.Enter(call, limits);
        answer["RateLimit-Limit"] = Text(limits.PerMinute);
        answer["RateLimit-Remaining"] = Text(admission.Remaining);
        answer["RateLimit-Reset"] = Text(Seconds(admission.ResetAfter));
        return admission.Verdict switch
        {
            AdmissionVerdict.Admitted => new(grain, call, logger),
            AdmissionVerdict.TooManyAtOnce => throw new InferenceRefusedException(new(
                429,
                "concurrency",
                $"The deployment takes {limits.Concurrent} requests at a time (max_concurrent_requests). Repeat it when others have their answer.",
                RetryAfter: admission.RetryAfter)),
            _ => throw new InferenceRefusedException(new(
                429,
                "rate_limit",
                $"The deployment takes {limits.PerMinute} requests a minute (rate_limit_requests_per_minute). Repeat it after Retry-After.",
                RetryAfter: admission.RetryAfter)),
        };
    }

    /// <summary>Whole seconds, none less than it is.</summary>
    public static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await gate.Leave(call);
        }
        catch (Exception exception)
        {
            // The place ends by itself; the caller has an answer.
            LogNotLeft(gate.GetPrimaryKey(), exception.GetType().Name);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "Deployment {Deployment}: a call's place was not given back ({Kind}); it ends by itself")]
    private partial void LogNotLeft(Guid deployment, string kind);
}
