namespace OrleansAiFleet.Vision.Cameras;

/// <summary>What kind of place pictures come from.</summary>
public enum SourceKind
{
    /// <summary>A file or a directory on the worker.</summary>
    Path,

    /// <summary>HTTP: MJPEG, HLS or a recording.</summary>
    Http,

    /// <summary>RTSP, plain or over TLS.</summary>
    Rtsp,

    /// <summary>Another network protocol that ffmpeg reads (RTMP, SRT, RTP, UDP …).</summary>
    Network,
}

/// <summary>A source address taken apart, or the reason why it cannot be taken.</summary>
public sealed record SourceUrl
{
    /// <summary>What it is; meaningless with a <see cref="Refusal"/>.</summary>
    public SourceKind Kind { get; init; }

    /// <summary>The address without what opens it: a path, or a URL without user information and secret query.</summary>
    public string Address { get; init; } = "";

    /// <summary>Scheme in lower case; <c>file</c> for a path.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>User and password as they stood in the URL, percent-decoded, and its query where that holds a secret.</summary>
    public SourceSecret Secret { get; init; } = new(null, null);

    /// <summary>Why it is refused, as one sentence without any part of the address; null where it is taken.</summary>
    public string? Refusal { get; init; }

    // A record prints its members: the credentials must not be among them.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Kind = ").Append(Kind).Append(", Address = ").Append(SourceUrlPolicy.Redact(Address));
        return true;
    }
}
