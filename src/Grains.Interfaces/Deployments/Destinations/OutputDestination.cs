using System.Text;
using System.Text.Json.Serialization;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>One place to which a deployment's detections are sent: an element of <c>output_destinations</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WebhookDestination), WebhookDestination.KindName)]
[JsonDerivedType(typeof(MqttDestination), MqttDestination.KindName)]
[JsonDerivedType(typeof(FileDestination), FileDestination.KindName)]
[JsonDerivedType(typeof(ZoneMinderDestination), ZoneMinderDestination.KindName)]
public abstract record OutputDestination
{
    /// <summary>Frames in one message, where nothing else is said.</summary>
    public const int DefaultBatchSize = 100;

    /// <summary>Unique within the deployment: small letters, digits and dashes.</summary>
    public required string Name { get; init; }

    /// <summary>Only detections of these classes; null: of all.</summary>
    public string[]? Classes { get; init; }

    /// <summary>Only detections at least this sure, 0 to 1; null: all that are stored.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>Only detections of these cameras; null: of all that the deployment looks at.</summary>
    public Guid[]? Cameras { get; init; }

    /// <summary>Most frames in one message.</summary>
    public int BatchSize { get; init; } = DefaultBatchSize;

    /// <summary>Longest that a frame waits for others to be sent with it, in seconds.</summary>
    public int MaxDelaySeconds { get; init; } = 1;

    /// <summary>Its <c>kind</c>.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    /// <summary>Whether anything that this camera sees goes there.</summary>
    public virtual bool Sees(Guid cameraId) => Cameras is null || Cameras.Contains(cameraId);

    /// <summary>The same with every secret changed by a function: encrypted, decrypted or left out.</summary>
    public virtual OutputDestination WithSecrets(Func<string, string?> change) => this;

    // A record prints its members: secrets must not be among them.
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append("Name = ").Append(Name);
        return true;
    }
}

/// <summary>Messages are posted to an address, signed.</summary>
public sealed record WebhookDestination : OutputDestination
{
    public const string KindName = "webhook";

    /// <summary>Where to: http or https, without user and password.</summary>
    public required string Url { get; init; }

    /// <summary>Messages are signed with it.</summary>
    public string? Secret { get; init; }

    /// <summary>Messages are signed with it as well, while the receiver changes over.</summary>
    public string? PreviousSecret { get; init; }

    [JsonIgnore]
    public override string Kind => KindName;

    public override OutputDestination WithSecrets(Func<string, string?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with
        {
            Secret = Secret is null ? null : change(Secret),
            PreviousSecret = PreviousSecret is null ? null : change(PreviousSecret),
        };
    }

    public override string ToString() => $"{KindName} {Name}";
}

/// <summary>A message for each frame is published at a broker.</summary>
public sealed record MqttDestination : OutputDestination
{
    public const string KindName = "mqtt";

    /// <summary>Where the broker is: <c>mqtt://host:1883</c>, or <c>mqtts://host:8883</c> with TLS.</summary>
    public required string BrokerUrl { get; init; }

    /// <summary>The topic; <c>{site_id}</c>, <c>{camera_id}</c>, <c>{deployment_id}</c> and <c>{destination}</c> are filled in.</summary>
    public required string Topic { get; init; }

    /// <summary>0: sent once, and may be lost; 1: sent until the broker has it.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>Whether the broker keeps the last message of a topic for who comes later.</summary>
    public bool Retain { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    [JsonIgnore]
    public override string Kind => KindName;

    public override OutputDestination WithSecrets(Func<string, string?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with { Password = Password is null ? null : change(Password) };
    }

    public override string ToString() => $"{KindName} {Name}";
}

/// <summary>Frames are appended to files of JSON lines, below the folder that the fleet's owner allows.</summary>
public sealed record FileDestination : OutputDestination
{
    public const string KindName = "file";

    /// <summary>Folder below the root, as <c>site-north/helmets</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>A file that has as many bytes is followed by the next; so is one of another UTC day.</summary>
    public long RollBytes { get; init; } = 64L << 20;

    /// <summary>Most bytes of all its files; the oldest go first.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    [JsonIgnore]
    public override string Kind => KindName;

    public override string ToString() => $"{KindName} {Name}";
}
