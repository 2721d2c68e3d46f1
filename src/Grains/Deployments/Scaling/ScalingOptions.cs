using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>How deployments are scaled. Section <c>Fleet:Scaling</c>.</summary>
public sealed class ScalingOptions
{
    public const string Section = "Fleet:Scaling";

    /// <summary>Time between two rounds of the scheduler, and what one reading covers.</summary>
    /// <value>The default value is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>All readings for so long have to ask for more before there is more.</summary>
    /// <value>The default value is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan UpWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>All readings for so long have to ask for less before there is less.</summary>
    /// <value>The default value is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DownWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Shortest time between two changes of a deployment's instances by its load.</summary>
    /// <value>The default value is 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Cooldown { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait of a waiting frame from which on nobody waits for the window or the cooldown.</summary>
    /// <value>The default value is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan PanicQueueAge { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A deployment on demand sleeps when no request came for so long.</summary>
    /// <value>The default value is 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A worker that has not loaded a model for so long is left out, and another one tried.</summary>
    /// <value>The default value is 3 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>It is left out for so long.</summary>
    /// <value>The default value is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AvoidFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest time a round waits for a worker's status.</summary>
    /// <value>The default value is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>For so long workers go by what they were told last when no scheduler says anything; then as if there were none.</summary>
    /// <value>The default value is 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan GoodFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often every control silo makes sure that the scheduler is awake.</summary>
    /// <value>The default value is 3 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan WakeInterval { get; set; } = TimeSpan.FromSeconds(3);
}

[OptionsValidator]
internal sealed partial class ScalingOptionsValidator : IValidateOptions<ScalingOptions>;
