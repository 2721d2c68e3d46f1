using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.Silo.Cameras;

/// <summary>A camera to create.</summary>
public sealed record CreateCamera : ISiteBound
{
    /// <summary>Id of your choice, so that a repeated request creates nothing twice.</summary>
    public Guid? Id { get; init; }

    [Required]
    public Guid? SiteId { get; init; }

    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>A path on the workers or a URL. User and password in it, and a query that holds such, are never shown again.</summary>
    [Required, StringLength(2000)]
    public string SourceUrl { get; init; } = "";

    /// <summary><c>user:password</c>, where they do not stand in the address.</summary>
    [StringLength(500)]
    public string? SourceCredentials { get; init; }

    public bool Enabled { get; init; } = true;

    public SamplingMode SamplingMode { get; init; } = SamplingMode.Fps;

    /// <summary>Frames a second taken from the source; 0 takes every frame.</summary>
    [Range(0, 1000)]
    public double SamplingFps { get; init; } = 5;

    /// <summary>Longer side of the decoded picture in pixels; 0 keeps the source's size.</summary>
    [Range(0, 16384)]
    public int WorkingSize { get; init; } = 640;

    public CameraPace Pace { get; init; } = CameraPace.Live;

    /// <summary>Starts a file over when it ends.</summary>
    public bool Loop { get; init; }

    /// <summary>Luma change that counts as motion.</summary>
    [Range(1, 255)]
    public int MotionThreshold { get; init; } = 30;

    /// <summary>Smallest moving area that counts, in percent of the picture.</summary>
    [Range(0, 100)]
    public double MotionMinimumAreaPercent { get; init; } = 0.1;

    /// <summary>
    /// What it sees, in your own words: <c>gate</c>, <c>crane</c>. A version that is tried on some cameras gets of every scene its share.
    /// </summary>
    [StringLength(64)]
    public string? Scene { get; init; }

    internal Camera ToCamera() => new()
    {
        Id = Id ?? Guid.CreateVersion7(),
        SiteId = SiteId.GetValueOrDefault(),
        Name = Name,
        SourceUrl = SourceUrl,
        SourceCredentials = SourceCredentials,
        Enabled = Enabled,
        SamplingMode = SamplingMode,
        SamplingFps = SamplingFps,
        WorkingSize = WorkingSize,
        Pace = Pace,
        Loop = Loop,
        MotionThreshold = MotionThreshold,
        MotionMinimumAreaPercent = MotionMinimumAreaPercent,
        Scene = Scene?.Trim() ?? "",
    };

    // A record prints its members: neither the credentials nor an address that holds them may be among them.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name);
        return true;
    }
}
