using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>
/// How many requests are taken: from an address, of a caller, and how many attempts of an address may fail. Buckets that
/// are full again are forgotten.
/// </summary>
public sealed class RequestLimits : IDisposable
{
    private const int BurstSeconds = 5;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly PartitionedRateLimiter<Guid> _callers;
    private readonly PartitionedRateLimiter<string> _failures;
    private readonly TimeSpan _betweenFailures;

    public RequestLimits(IOptions<AccessOptions> options)
    {
        var limits = options.Value;
        _addresses = Create<string>(BurstSeconds * limits.AddressRequestsPerSecond, limits.AddressRequestsPerSecond, Second);
        _callers = Create<Guid>(BurstSeconds * limits.CallerRequestsPerSecond, limits.CallerRequestsPerSecond, Second);

        // One token at a time: who failed too often waits for the next try, not for a whole minute.
        _betweenFailures = TimeSpan.FromMinutes(1) / limits.FailuresPerMinute;
        _failures = Create<string>(limits.FailuresPerMinute, 1, _betweenFailures);
    }

    /// <summary>How long this address has to wait, or null where its request is taken.</summary>
    public TimeSpan? TakeAddress(HttpContext context)
    {
        using var lease = _addresses.AttemptAcquire(AddressOf(context));
        return WaitOf(lease, Second);
    }

    /// <summary>How long this caller has to wait, or null where the request is taken.</summary>
    public TimeSpan? TakeCaller(CurrentAccess access)
    {
        if (!access.IsKnown)
        {
            return null;
        }

        using var lease = _callers.AttemptAcquire(access.KeyId ?? access.UserId);
        return WaitOf(lease, Second);
    }

    /// <summary>How long this address has to wait before it is listened to again, or null where it may say who it is.</summary>
    public TimeSpan? FindFailureWait(HttpContext context) =>
        _failures.GetStatistics(AddressOf(context)) is { CurrentAvailablePermits: 0 } ? _betweenFailures : null;

    /// <summary>Notes that an attempt failed for who it is.</summary>
    public void Fail(HttpContext context)
    {
        using var lease = _failures.AttemptAcquire(AddressOf(context));
    }

    /// <summary>An IPv6 network of 64 bits counts as one address: one subscriber has all of it.</summary>
    public static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address?.ToString() ?? "none";
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _callers.Dispose();
        _failures.Dispose();
    }

    private static TimeSpan? WaitOf(RateLimitLease lease, TimeSpan otherwise) => lease.IsAcquired
        ? null
        : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : otherwise;

    private static PartitionedRateLimiter<TKey> Create<TKey>(int tokens, int perPeriod, TimeSpan period)
        where TKey : notnull => PartitionedRateLimiter.Create<TKey, TKey>(key => RateLimitPartition.GetTokenBucketLimiter(
            key, _ => new() { TokenLimit = tokens, TokensPerPeriod = perPeriod, ReplenishmentPeriod = period, QueueLimit = 0 }));
}
