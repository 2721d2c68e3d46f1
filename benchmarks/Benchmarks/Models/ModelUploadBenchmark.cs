using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Benchmarks.Models;

/// <summary>How long storing a model file takes, against writing it encrypted to a file.</summary>
internal sealed class ModelUploadBenchmark : IBenchmark
{
    private const int Bytes = 100 << 20;
    private const int Rounds = 9;
    private static readonly RatioTarget Target = new(1.5);

    public string Name => "model-upload";

    public string Description =>
        "Milliseconds for 100 MiB of a model file in memory. Ours: ModelFileStore.SaveAsync (SHA-256, AES-256-GCM, COPY, commit) "
        + "into a PostgreSQL server of the benchmark's own over a Unix socket with fsync, synchronous_commit and full_page_writes "
        + "on. Reference: the same chunks encrypted by the same cipher and written to a new file on the same disk, then fsync; no "
        + "SHA-256, no name, no transaction. In turn in one run, nine rounds, both cleared away and the server's pages written in between.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var files = await FileStoreUnderTest.StartAsync(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("fleet-bench-upload-").FullName;
        try
        {
            var content = RandomNumberGenerator.GetBytes(Bytes);
            Func<CancellationToken, Task<double>>[] sides =
            [
                token => StoreAsync(files, content, token),
                token => WriteAsync(Path.Combine(folder, "file"), content, token),
            ];
            await Turns.RunAsync(2, sides, cancellationToken);
            var times = await Turns.RunAsync(Rounds, sides, cancellationToken);
            yield return new("100 MiB", new("store", "ms", times[0]), new("encrypted file", "ms", times[1]), Target);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> StoreAsync(FileStoreUnderTest files, byte[] content, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var stored = await files.Store.SaveAsync(new MemoryStream(content), cancellationToken);
        var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (stored.Size != content.Length)
        {
            throw new InvalidOperationException($"{stored.Size} of {content.Length} bytes were stored.");
        }

        await files.ClearAsync(cancellationToken);
        return time;
    }

    private static async Task<double> WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using (var cipher = new ChunkCipher(ChunkCipher.CreateKey(), Guid.NewGuid()))
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var chunk = new byte[ChunkCipher.ChunkBytes + ChunkCipher.TagBytes];
            for (var at = 0; at < content.Length; at += ChunkCipher.ChunkBytes)
            {
                var plain = content.AsMemory(at, Math.Min(ChunkCipher.ChunkBytes, content.Length - at));
                var encrypted = chunk.AsMemory(0, plain.Length + ChunkCipher.TagBytes);
                cipher.Encrypt(at / ChunkCipher.ChunkBytes, at + plain.Length == content.Length, plain.Span, encrypted.Span);
                await file.WriteAsync(encrypted, cancellationToken);
            }

            file.Flush(flushToDisk: true);
        }

        var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        File.Delete(path);
        return time;
    }
}
