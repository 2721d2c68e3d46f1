using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.GpuWorker.Models.Onnx;

using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Opens sessions on the execution provider that this process found at its start.</summary>
internal sealed partial class SessionFactory
{
    public const string Cpu = "CPUExecutionProvider";
    public const string Cuda = "CUDAExecutionProvider";

    private readonly InferenceOptions _options;

    /// <exception cref="InvalidOperationException">CUDA is asked for and does not work here.</exception>
    public SessionFactory(IOptions<InferenceOptions> options, ILogger<SessionFactory> logger)
    {
        _options = options.Value;
        (ExecutionProvider, var reason) = Choose(_options.ExecutionProvider, TryCuda);
        LogExecutionProvider(logger, ExecutionProvider, reason);
    }

    /// <summary>ONNX Runtime's name of it.</summary>
    public string ExecutionProvider { get; }

    /// <summary>Instances per model version.</summary>
    public int Instances => _options.Instances > 0
        ? _options.Instances
        : ExecutionProvider == Cuda ? 2 : Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Opens a model file.</summary>
    /// <exception cref="ModelFaultException">It cannot be used; the message says why.</exception>
    public OnnxSession Open(string file)
    {
        ModelFileCheck.Verify(file);
        using var options = CreateOptions();
        try
        {
            return new OnnxSession(new InferenceSession(file, options));
        }
        catch (OnnxRuntimeException exception)
        {
            throw ModelFileCheck.Explain(exception);
        }
    }

    /// <summary>Opens a model that is in memory.</summary>
    /// <exception cref="ModelFaultException">It cannot be used; the message says why.</exception>
    public OnnxSession Open(byte[] model)
    {
        OnnxChecks.Verify(model);
        using var options = CreateOptions();
        try
        {
            return new OnnxSession(new InferenceSession(model, options));
        }
        catch (OnnxRuntimeException exception)
        {
            throw ModelFileCheck.Explain(exception);
        }
    }

    /// <summary>Which provider, and why. <paramref name="tryCuda"/> gives null where CUDA works and the reason otherwise.</summary>
    internal static (string Provider, string Reason) Choose(ExecutionProviderChoice choice, Func<string?> tryCuda)
    {
        if (choice == ExecutionProviderChoice.Cpu)
        {
            return (Cpu, "as configured");
        }

        var fault = tryCuda();
        if (fault is null)
        {
            return (Cuda, choice == ExecutionProviderChoice.Cuda ? "as configured" : "it is there");
        }

        return choice == ExecutionProviderChoice.Auto
            ? (Cpu, fault)
            : throw new InvalidOperationException(
                $"{InferenceOptions.Section}:ExecutionProvider asks for CUDA, which does not work here: {fault}");
    }

    private static string? TryCuda()
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Cuda))
        {
            return "this build has no CUDA";
        }

        try
        {
            using var options = new SessionOptions();
            AddCuda(options);
            return null;
        }
        catch (OnnxRuntimeException exception)
        {
            return exception.Message;
        }
    }

    // As much as is asked for instead of the next power of two: several models share one card.
    private static void AddCuda(SessionOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new() { ["device_id"] = "0", ["arena_extend_strategy"] = "kSameAsRequested" });
        options.AppendExecutionProvider_CUDA(cuda);
    }

    private SessionOptions CreateOptions()
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = _options.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,

            // Some exporters leave hundreds of warnings per file.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        if (ExecutionProvider == Cuda)
        {
            AddCuda(options);
        }

        return options;
    }

    [LoggerMessage(LogLevel.Information, "Models run on {ExecutionProvider}: {Reason}")]
    private static partial void LogExecutionProvider(ILogger logger, string executionProvider, string reason);
}
