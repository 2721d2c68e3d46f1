using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>What one run of ffmpeg plays: a clip, a stream, or pictures of one kind and size.</summary>
internal sealed record MediaSegment
{
    public required SourceKind Kind { get; init; }

    /// <summary>Paths, or one URL without credentials.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Files that are read here; none of what comes by network.</summary>
    public IReadOnlyList<string> Files => Kind == SourceKind.Path ? Addresses : [];

    /// <summary>Scheme of the address in lower case.</summary>
    public string Scheme { get; init; } = "file";

    /// <summary>What opens the address.</summary>
    public SourceSecret Secret { get; init; } = new(null, null);

    /// <summary>Proxy through which HTTP goes, or null.</summary>
    public string? Proxy { get; init; }

    /// <summary>Seconds each picture is shown, or null where this is no picture.</summary>
    public double? PictureSeconds { get; init; }

    /// <summary>Size of the pictures where it is known already.</summary>
    public (int Width, int Height)? Size { get; init; }

    // A record prints its members: the credentials must not be among them.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Kind = ").Append(Kind).Append(", Address = ").Append(SourceUrlPolicy.Redact(Addresses[0]));
        return true;
    }
}
