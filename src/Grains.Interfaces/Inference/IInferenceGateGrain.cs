namespace OrleansAiFleet.Inference;

/// <summary>
/// Lets calls from outside in to one deployment, for all control silos together: so many at once, so many a minute.
/// Key: the deployment's id. Keeps nothing beyond its silo's life: after that everybody starts anew.
/// </summary>
[Alias("Fleet.IInferenceGateGrain")]
public interface IInferenceGateGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Lets a call in or says when to come again. A place is given back by <see cref="Leave"/>, or by itself once
    /// <see cref="InferenceLimits.PlaceFor"/> is over: a silo that died keeps none. Asking twice for one call counts once.
    /// </summary>
    /// <param name="call">Id of the caller's choice, new for each call.</param>
    /// <param name="limits">What the deployment allows now.</param>
    [Alias("Enter"), ResponseTimeout("00:00:05")]
    Task<InferenceAdmission> Enter(Guid call, InferenceLimits limits);

    /// <summary>The call is over. Idempotent.</summary>
    [Alias("Leave"), ResponseTimeout("00:00:05")]
    Task Leave(Guid call);

    /// <summary>Calls that are in, and when the last one came or left.</summary>
    [Alias("GetActivity"), ResponseTimeout("00:00:05")]
    Task<InferenceActivity> GetActivity();
}

/// <summary>What goes on at a gate.</summary>
/// <param name="Calls">That are in.</param>
/// <param name="LastAt">When one last came or left; null: none since the gate was made.</param>
[GenerateSerializer, Immutable, Alias("Fleet.InferenceActivity")]
public sealed record InferenceActivity([property: Id(0)] int Calls, [property: Id(1)] DateTimeOffset? LastAt);

/// <summary>What a deployment takes from outside.</summary>
/// <param name="Concurrent">Most calls at a time.</param>
/// <param name="PerMinute">Calls a minute on average; as many may come at once after a quiet minute.</param>
/// <param name="PlaceFor">How long a call keeps its place where nobody says that it is over.</param>
[GenerateSerializer, Immutable, Alias("Fleet.InferenceLimits")]
public sealed record InferenceLimits(
    [property: Id(0)] int Concurrent, [property: Id(1)] int PerMinute, [property: Id(2)] TimeSpan PlaceFor);

/// <summary>What the gate says to a call.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.InferenceAdmission")]
public sealed record InferenceAdmission
{
    [Id(0)]
    public required AdmissionVerdict Verdict { get; init; }

    /// <summary>Calls that may still come now.</summary>
    [Id(1)]
    public int Remaining { get; init; }

    /// <summary>Until all of a minute's calls may come again.</summary>
    [Id(2)]
    public TimeSpan ResetAfter { get; init; }

    /// <summary>When it is worth asking again; zero where it is in.</summary>
    [Id(3)]
    public TimeSpan RetryAfter { get; init; }
}

/// <summary>Whether a call is in.</summary>
[GenerateSerializer, Alias("Fleet.AdmissionVerdict")]
public enum AdmissionVerdict
{
    /// <summary>It is in.</summary>
    Admitted = 0,

    /// <summary>As many as may be are in.</summary>
    TooManyAtOnce = 1,

    /// <summary>The minute's calls are spent.</summary>
    TooManyPerMinute = 2,
}
