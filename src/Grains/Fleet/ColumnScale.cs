namespace OrleansAiFleet.Fleet;

/// <summary>Brings values to what their column keeps, so that a row reads back as it was written.</summary>
internal static class ColumnScale
{
    /// <summary>Rounds half away from zero, as PostgreSQL's <c>numeric</c> does.</summary>
    public static decimal Rounded(this decimal value, int scale) => decimal.Round(value, scale, MidpointRounding.AwayFromZero);

    /// <summary>See <see cref="Rounded(decimal, int)"/>.</summary>
    public static decimal? Rounded(this decimal? value, int scale) => value?.Rounded(scale);

    /// <summary>UTC and whole microseconds, as <c>timestamptz</c> keeps time.</summary>
    public static DateTimeOffset Stored(this DateTimeOffset value)
    {
        var utc = value.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>See <see cref="Stored(DateTimeOffset)"/>.</summary>
    public static DateTimeOffset? Stored(this DateTimeOffset? value) => value?.Stored();
}
