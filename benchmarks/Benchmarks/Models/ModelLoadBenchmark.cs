using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Benchmarks.Models;

/// <summary>How long a worker takes from nothing to a session, against a file copied and opened.</summary>
internal sealed class ModelLoadBenchmark : IBenchmark
{
    private const int Bytes = 100 << 20;
    private const int Rounds = 9;
    private static readonly RatioTarget Target = new(1.5);

    public string Name => "model-load";

    public string Description =>
        "Milliseconds from nothing to the first result of a 100 MiB ONNX model (two layers of random weights). Ours: a worker "
        + "with an empty cache fetches it from the store (PostgreSQL over a Unix socket), decrypts it, checks SHA-256, opens "
        + "the session and runs it, while the file goes to its cache, encrypted. Then the same from a cache that has it. "
        + "Reference: a plain file copied to another, then session and run by the same code. In turn in one run, "
        + "nine rounds; model and database are in the system's page cache for all.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var files = await FileStoreUnderTest.StartAsync(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("fleet-bench-load-").FullName;
        try
        {
            var model = TinyModels.Heavy(Bytes);
            var plain = Path.Combine(folder, "model.onnx");
            await File.WriteAllBytesAsync(plain, model, cancellationToken);
            var path = (await files.Store.SaveAsync(new MemoryStream(model), cancellationToken)).Path;
            var options = Options.Create(new InferenceOptions
            {
                CacheFolder = Path.Combine(folder, "cache"),
                ExecutionProvider = ExecutionProviderChoice.Cpu,
            });
            var sessions = new SessionFactory(options, NullLogger<SessionFactory>.Instance);
            var cache = new ModelFileCache(
                new StoredModelFiles(files.Store, files.Keys), options, TimeProvider.System, NullLogger<ModelFileCache>.Instance);
            Func<CancellationToken, Task<double>>[] sides =
            [
                token => LoadAsync(cache, sessions, path, options.Value.CacheFolder, token),
                token => LoadAsync(cache, sessions, path, null, token),
                _ => Task.FromResult(CopyAndOpen(sessions, plain, Path.Combine(folder, "copy.onnx"))),
            ];
            await Turns.RunAsync(2, sides, cancellationToken);
            var times = await Turns.RunAsync(Rounds, sides, cancellationToken);
            var reference = new Measurement("copy and open", "ms", times[2]);
            yield return new("cold worker", new("fetch and open", "ms", times[0]), reference, Target);
            yield return new("from the cache", new("decrypt and open", "ms", times[1]), reference);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> LoadAsync(
        ModelFileCache cache, SessionFactory sessions, string path, string? clear, CancellationToken cancellationToken)
    {
        await cache.StopAsync(cancellationToken);
        if (clear is not null && Directory.Exists(clear))
        {
            Directory.Delete(clear, recursive: true);
        }

        var started = Stopwatch.GetTimestamp();
        using var file = await cache.GetUncheckedAsync(path, cancellationToken);
        using var session = sessions.Open(file.File);
        file.ForgetContent();
        Run(session);
        await file.Checked;
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double CopyAndOpen(SessionFactory sessions, string plain, string copy)
    {
        var started = Stopwatch.GetTimestamp();
        File.Copy(plain, copy);
        using var session = sessions.Open(copy);
        Run(session);
        var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        File.Delete(copy);
        return time;
    }

    private static void Run(OnnxSession session)
    {
        using var buffers = session.Allocate(new InputSpec { Width = TinyModels.Side, Height = TinyModels.Side }, 1);
        buffers.Run(1);
    }
}
