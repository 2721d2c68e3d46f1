using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>How this worker infers.</summary>
internal sealed class InferenceOptions
{
    public const string Section = "Fleet:Inference";

    /// <summary><c>auto</c> takes CUDA where it works and the CPU otherwise; <c>cuda</c> refuses to start without it.</summary>
    /// <value>The default is <c>auto</c>.</value>
    public ExecutionProviderChoice ExecutionProvider { get; set; }

    /// <summary>Model instances per model version, each with a thread of its own; 0 decides by provider and cores.</summary>
    /// <value>The default is 0: half the cores (at least 1) on the CPU, 2 on CUDA.</value>
    [Range(0, 64)]
    public int Instances { get; set; }

    /// <summary>Threads ONNX Runtime uses inside one run.</summary>
    /// <value>The default is 1: one core per instance.</value>
    [Range(1, 64)]
    public int IntraOpThreads { get; set; } = 1;

    /// <summary>Largest batch tried at warm-up; what is used is measured.</summary>
    /// <value>The default is 16.</value>
    [Range(1, 128)]
    public int MaxBatchSize { get; set; } = 16;

    /// <summary>How long a free instance waits for a fuller batch.</summary>
    /// <value>The default is zero: it takes what is there.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan BatchDelay { get; set; }

    /// <summary>Most places in a batch for one camera while frames of other cameras wait.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 128)]
    public int MaxFramesPerCamera { get; set; } = 2;

    /// <summary>Most frames that wait per model version.</summary>
    /// <value>The default is 256.</value>
    [Range(1, 65_536)]
    public int QueueFrames { get; set; } = 256;

    /// <summary>Most bytes of frames that wait per model version.</summary>
    /// <value>The default is 128 MiB.</value>
    [Range(1L, long.MaxValue)]
    public long QueueBytes { get; set; } = 128L << 20;

    /// <summary>Where fetched model files are kept.</summary>
    /// <value>The default is <c>orleans-ai-fleet/models</c> in the folder for temporary files.</value>
    [Required]
    public string CacheFolder { get; set; } = Path.Combine(Path.GetTempPath(), "orleans-ai-fleet", "models");

    /// <summary>Most bytes kept there; files of loaded models always stay.</summary>
    /// <value>The default is 4 GiB.</value>
    [Range(1L, long.MaxValue)]
    public long CacheBytes { get; set; } = 4L << 30;

    /// <summary>How long a model version stays loaded after its last lease.</summary>
    /// <value>The default is 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan IdleUnload { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a version that could not be loaded is not tried again.</summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LoadRetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Work waiting for a model version from which on frames go to other workers.</summary>
    /// <value>The default is 100 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SpillThreshold { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a live frame may wait while other settings of a deployment are tried here; then that ends.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan TrialEndsAtWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most bytes of frames on their way to one other worker; 0 turns spilling off.</summary>
    /// <value>The default is 4 MiB: membership probes share the connection with them.</value>
    [Range(0L, 1L << 30)]
    public long SpillBytesInFlight { get; set; } = 4L << 20;
}

/// <summary>See <see cref="InferenceOptions.ExecutionProvider"/>.</summary>
internal enum ExecutionProviderChoice
{
    Auto,
    Cpu,
    Cuda,
}

[OptionsValidator]
internal sealed partial class InferenceOptionsValidator : IValidateOptions<InferenceOptions>;
