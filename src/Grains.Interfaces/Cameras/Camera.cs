using System.Text.Json.Serialization;

namespace OrleansAiFleet.Cameras;

/// <summary>One camera and what is wanted of it: a row of <c>cameras</c>.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.Camera")]
public sealed record Camera
{
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public Guid SiteId { get; init; }

    [Id(2)]
    public string Name { get; init; } = "";

    /// <summary>Where pictures come from: a path, a directory or a URL, never with credentials in it.</summary>
    [Id(3)]
    public string SourceUrl { get; init; } = "";

    /// <summary>What opens the source: <c>user:password</c>, and a query that holds a secret. Kept out of every listing, log and error.</summary>
    [Id(4), JsonIgnore]
    public string? SourceCredentials { get; init; }

    [Id(5)]
    public bool Enabled { get; init; } = true;

    [Id(6)]
    public SamplingMode SamplingMode { get; init; } = SamplingMode.Fps;

    /// <summary>Frames per second taken from the source; 0 takes every frame.</summary>
    [Id(7)]
    public double SamplingFps { get; init; } = 5;

    /// <summary>Size frames are decoded to, keeping the picture's shape: the longer side in pixels; 0 keeps the source's size.</summary>
    [Id(8)]
    public int WorkingSize { get; init; } = 640;

    [Id(9)]
    public CameraPace Pace { get; init; } = CameraPace.Live;

    /// <summary>Starts a file over when it ends.</summary>
    [Id(10)]
    public bool Loop { get; init; }

    /// <summary>Luma change that counts as motion, 1 to 255.</summary>
    [Id(11)]
    public int MotionThreshold { get; init; } = 30;

    /// <summary>Smallest moving area that counts, as a share of the picture in percent.</summary>
    [Id(12)]
    public double MotionMinimumAreaPercent { get; init; } = 0.1;

    [Id(13)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(14)]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What it sees, in the fleet's own words: <c>gate</c>, <c>crane</c>. Versions are tried on every scene alike; empty: nobody said.</summary>
    [Id(15)]
    public string Scene { get; init; } = "";

    // A record prints its members: the credentials must not be among them.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Id = ").Append(Id).Append(", Name = ").Append(Name).Append(", SourceUrl = ").Append(SourceUrl);
        return true;
    }
}
