namespace OrleansAiFleet.Sites;

/// <summary>
/// That a site, or the whole fleet, is being worked on: a row of <c>maintenance_modes</c>. What goes on by itself waits for its end; what
/// cameras and models do does not.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.MaintenanceMode")]
public sealed record MaintenanceMode
{
    /// <summary>The id that stands for the whole fleet.</summary>
    public static Guid WholeFleet { get; } = new("f1ee7000-0000-4000-8000-000000000000");

    /// <summary>The site's id, or <see cref="WholeFleet"/>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public bool IsEnabled { get; init; }

    /// <summary>Why, for whoever wonders what it waits for.</summary>
    [Id(2)]
    public string Reason { get; init; } = "";

    [Id(3)]
    public DateTimeOffset Since { get; init; }

    /// <summary>When it ends by itself; null: when somebody says so.</summary>
    [Id(4)]
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Who said so last.</summary>
    [Id(5)]
    public Guid? SetBy { get; init; }

    [Id(6)]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether it holds at this moment.</summary>
    public bool HoldsAt(DateTimeOffset now) => IsEnabled && !(EndsAt <= now);
}
