using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>One model version and the sites that run it under its licence.</summary>
public sealed record LicenseUsage
{
    private const int WarnDays = 30;

    public required Guid ModelId { get; init; }

    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    public string? LicenseType { get; init; }

    public DateTimeOffset? LicenseExpiresAt { get; init; }

    /// <summary>Cameras that may run it at a time; null: any number.</summary>
    public int? LicenseSeats { get; init; }

    /// <summary>Cameras of these sites that run it, counted per deployment.</summary>
    public required int SeatsUsed { get; init; }

    public string? ExportRestrictions { get; init; }

    public required LicenseUse[] Sites { get; init; }

    /// <summary>What will stop new deployments, or does.</summary>
    public required string[] Warnings { get; init; }

    /// <summary>Groups uses by version and says what is about to run out. Pure.</summary>
    internal static LicenseUsage[] Of(IReadOnlyList<LicenseUse> uses, DateTimeOffset now) =>
        [.. uses.GroupBy(use => use.ModelId).Select(version => Of([.. version], now))];

    private static LicenseUsage Of(LicenseUse[] uses, DateTimeOffset now)
    {
        var (first, seats) = (uses[0], uses.Sum(use => use.Cameras));
        return new()
        {
            ModelId = first.ModelId,
            ModelName = first.ModelName,
            ModelVersion = first.ModelVersion,
            LicenseType = first.LicenseType,
            LicenseExpiresAt = first.LicenseExpiresAt,
            LicenseSeats = first.LicenseSeats,
            ExportRestrictions = first.ExportRestrictions,
            SeatsUsed = seats,
            Sites = uses,
            Warnings = [.. Warn(first, seats, now)],
        };
    }

    private static IEnumerable<string> Warn(LicenseUse version, int seats, DateTimeOffset now)
    {
        if (version.LicenseExpiresAt is { } end && end - now <= TimeSpan.FromDays(WarnDays))
        {
            yield return $"The licence {(end <= now ? "ended" : "ends")} on {end:yyyy-MM-dd}.";
        }

        if (version.LicenseSeats is { } most && seats * 10 >= most * 9)
        {
            yield return $"{seats} of {most} seats are taken.";
        }
    }
}
