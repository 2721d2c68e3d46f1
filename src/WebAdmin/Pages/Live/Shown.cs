using System.Globalization;

using OrleansAiFleet.Inference;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>Figures as people read them. Pure.</summary>
internal static class Shown
{
    /// <summary>Stands where there is nothing to say.</summary>
    public const string Nothing = "–";

    public static string Rate(double perSecond) => perSecond.ToString("0.0", CultureInfo.InvariantCulture);

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Milliseconds(double? value) => value switch
    {
        null => Nothing,
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms"),
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{value:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.0} s"),
    };

    public static string Bytes(long bytes) => bytes < 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");

    public static string Percent(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0} %");

    /// <summary>How long ago something was.</summary>
    public static string Ago(DateTimeOffset? then, DateTimeOffset now)
    {
        if (then is null)
        {
            return "never";
        }

        var age = now - then.Value;
        return age.TotalSeconds switch
        {
            < 2 => "now",
            < 120 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalSeconds)} s ago"),
            < 7200 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalMinutes)} min ago"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalHours)} h ago"),
        };
    }

    /// <summary>Why a frame was not inferred.</summary>
    public static string Reason(SkipReason reason) => reason switch
    {
        SkipReason.Sampling => "sampling",
        SkipReason.NoMotion => "no motion",
        SkipReason.Superseded => "newer frame took its place",
        SkipReason.QueueFull => "queue full",
        SkipReason.TimedOut => "timed out",
        SkipReason.ModelNotReady => "model not ready",
        SkipReason.Failed => "failed",
        SkipReason.Stopped => "stream stopped",
        _ => reason.ToString(),
    };

    /// <summary>CUDA of <c>CUDAExecutionProvider</c>.</summary>
    public static string Provider(string executionProvider) =>
        executionProvider.Replace("ExecutionProvider", "", StringComparison.Ordinal);
}
