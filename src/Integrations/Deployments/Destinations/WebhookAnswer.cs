using System.Globalization;
using System.Net.Http.Headers;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>What a receiver's answer means. Pure.</summary>
internal static class WebhookAnswer
{
    /// <summary>Judges a status.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">The header Retry-After, or null.</param>
    /// <param name="now">To count from where it names a moment.</param>
    public static SendResult Judge(int status, RetryConditionHeaderValue? retryAfter, DateTimeOffset now)
    {
        var code = status.ToString(CultureInfo.InvariantCulture);
        return status switch
        {
            >= 200 and < 300 => SendResult.Delivered($"The receiver answered {code}."),
            408 or 425 or 429 or >= 500 => SendResult.Unavailable($"status_{code}", $"The receiver answered {code}.") with
            {
                RetryAfter = DelayOf(retryAfter, now),
            },
            >= 300 and < 400 => SendResult.Refused(
                $"status_{code}", $"The receiver answered {code}: redirects are not followed; give the address that it leads to."),
            _ => SendResult.Refused($"status_{code}", $"The receiver answered {code}."),
        };
    }

    private static TimeSpan? DelayOf(RetryConditionHeaderValue? retryAfter, DateTimeOffset now)
    {
        var delay = retryAfter?.Delta ?? (retryAfter?.Date - now);
        return delay > TimeSpan.Zero ? delay : null;
    }
}
