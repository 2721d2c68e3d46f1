using System.Globalization;
using System.Runtime.InteropServices;

using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>
/// Has a model inspected by a confined process of its own. Whatever the model does to that process, this one gets an answer
/// or says how it ended, and nothing of it is left.
/// </summary>
internal sealed partial class ValidationProcess : IDisposable
{
    private static readonly TimeSpan ProcessorTimeOnTop = TimeSpan.FromSeconds(30);

    private readonly ModelValidationOptions _options;
    private readonly ILogger<ValidationProcess> _logger;
    private readonly ProcessLauncher _launcher;
    private readonly string _program;
    private readonly string[] _arguments;

    /// <exception cref="InvalidOperationException">There is no such user as the options name.</exception>
    public ValidationProcess(IOptions<ModelValidationOptions> options, ILogger<ValidationProcess> logger, IChildProcesses? register = null)
        : this(options, logger, register, Self())
    {
    }

    /// <param name="options">What it may take.</param>
    /// <param name="logger">Hears its last words.</param>
    /// <param name="register">Counts what it uses as the worker's, where there is one.</param>
    /// <param name="command">The program with its arguments.</param>
    internal ValidationProcess(
        IOptions<ModelValidationOptions> options, ILogger<ValidationProcess> logger, IChildProcesses? register, string[] command)
    {
        (_options, _logger, _program, _arguments) = (options.Value, logger, command[0], command[1..]);
        _launcher = new ProcessLauncher(new(Rules(_options)), register);
        if (!_launcher.Confinement.IsWithoutNetwork)
        {
            LogHasNetwork();
        }

        if (_launcher.Confinement.GivesRightToRead(Files()))
        {
            LogReadsEverything(_options.ValidationUser);
        }
    }

    /// <summary>Inspects a model.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="pictures">The content of its pictures.</param>
    /// <param name="model">The model's bytes, as many as the request says.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public async Task<ModelInspection> InspectAsync(
        ValidationRequest request, IReadOnlyList<byte[]> pictures, Stream model, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.ValidationTimeout);
        var words = new ValidationWords();
        try
        {
            await using var process = await _launcher.StartAsync(_program, _arguments, Files(), limit.Token);
            var background = Task.WhenAll(
                words.FollowAsync(process.Errors, limit.Token), WriteAsync(process, request, pictures, model, limit.Token));
            try
            {
                var answer = await ReadAsync(process.Output, limit.Token);
                if (answer is null)
                {
                    LogEnded(words.Step, "it said more than an answer may be", words.Last);
                    return new ModelInspection { Fault = ValidationEnd.Explain(0, words, _options) };
                }

                await background;
                await process.WaitAsync(limit.Token);
                return Judge(process.ExitCode, answer, words);
            }
            finally
            {
                await process.DisposeAsync();
                await background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogEnded(words.Step, "it took too long", words.Last);
            return new ModelInspection { Fault = ValidationEnd.TooLong(words, _options) };
        }
        catch (ChildStartException exception)
        {
            LogNotStarted(exception);
            return new ModelInspection
            {
                Fault = new ModelFault(
                    ModelFaultException.FileField,
                    "The worker cannot start the process that inspects models; its log says why. The file is not at fault: try again later."),
            };
        }
    }

    public void Dispose() => _launcher.Dispose();

    private ModelInspection Judge(int exitCode, byte[] answer, ValidationWords words)
    {
        if (exitCode == 0 && ValidationProtocol.ReadAnswer(answer) is { } inspection)
        {
            return inspection.Fault is { } fault ? inspection with { Fault = ValidationEnd.Shorten(fault) } : inspection;
        }

        LogEnded(words.Step, string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}"), words.Last);
        return new ModelInspection { Fault = ValidationEnd.Explain(exitCode, words, _options) };
    }

    private static async Task WriteAsync(
        ChildProcess process, ValidationRequest request, IReadOnlyList<byte[]> pictures, Stream model, CancellationToken cancellationToken)
    {
        try
        {
            await ValidationProtocol.WriteAsync(process.Input, request, pictures, model, cancellationToken);
            process.EndInput();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code and last words say why.
        }
    }

    private static async Task<byte[]?> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await output.ReadAsync(buffer, cancellationToken)) > 0)
        {
            answer.Write(buffer, 0, read);
            if (answer.Length > ValidationProtocol.MostAnswerBytes)
            {
                return null;
            }
        }

        return answer.ToArray();
    }

    private static ChildRules Rules(ModelValidationOptions options) => new()
    {
        User = options.ValidationUser,
        UserKey = $"{ModelValidationOptions.Section}:{nameof(options.ValidationUser)}",
        MemoryBytes = options.ValidationMemoryBytes,
        ProcessorTime = options.ValidationTimeout + ProcessorTimeOnTop,
        Network = false,
        Environment = new Dictionary<string, string>
        {
            // The runtime would map its code twice through a file, and open a socket for debuggers.
            ["DOTNET_EnableWriteXorExecute"] = "0",
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_TieredPGO"] = "0",

            // The model's bytes are in the heap; ONNX Runtime has them outside of it once more.
            ["DOTNET_GCHeapHardLimit"] = (options.ValidationMemoryBytes / 2).ToString("x", CultureInfo.InvariantCulture),
        },
    };

    // What a published worker runs with or, where it is a file of its own, that.
    private static string[] Self()
    {
        var assembly = typeof(ValidationProcess).Assembly.Location;
        var shared = RuntimeEnvironment.GetRuntimeDirectory();
        var host = Path.GetFullPath(Path.Combine(shared, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(host) && File.Exists(assembly)
            ? [host, assembly, ValidationChild.Mode]
            : [Environment.ProcessPath!, ValidationChild.Mode];
    }

    private IEnumerable<string> Files() => _arguments.Prepend(_program).Where(file => Path.IsPathRooted(file) && File.Exists(file));

    [LoggerMessage(LogLevel.Warning, "Models are inspected by a process that has a network: this machine does not let the worker take it away")]
    private partial void LogHasNetwork();

    [LoggerMessage(LogLevel.Warning,
        "Models are inspected by a process that may read every file: the worker's program or .NET lies where {User} may not read it")]
    private partial void LogReadsEverything(string user);

    [LoggerMessage(LogLevel.Warning, "A model's inspection ended without an answer while {Step}: {Reason}. Its last words: {Words}")]
    private partial void LogEnded(string step, string reason, string words);

    [LoggerMessage(LogLevel.Error, "The process that inspects models cannot be started")]
    private partial void LogNotStarted(Exception exception);
}
