using System.Security.Cryptography;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>
/// Model files on this machine's disk, encrypted as in the store and named by the SHA-256 of their content, which is checked
/// every time. Plain content is in memory alone. Bounded in bytes: the least recently used go first, those of loaded models
/// stay. Different files are fetched beside each other, the same one once.
/// </summary>
internal sealed partial class ModelFileCache(
    IModelFiles files, IOptions<InferenceOptions> options, TimeProvider time, ILogger<ModelFileCache> logger) : IHostedService
{
    private const string PathPrefix = "sha256/";
    private const string Extension = ".model";
    private const string PartExtension = ".part";

    // What was cached before files were encrypted.
    private const string PlainExtension = ".onnx";

    // Another worker may share the folder: what it is fetching just now is not left over.
    private static readonly TimeSpan LeftOverAfter = TimeSpan.FromHours(1);

    private readonly string _folder = Path.GetFullPath(options.Value.CacheFolder);
    private readonly Dictionary<string, Place> _places = [];
    private readonly Lock _eviction = new();

    /// <summary>The file, fetched if it is not here or not whole. It stays until the result is disposed.</summary>
    /// <param name="path">Key in the store: <c>sha256/&lt;64 hexadecimal digits&gt;</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileNotFoundException">The store has no such file.</exception>
    /// <exception cref="InvalidDataException">The path is no such key, or what came was tampered with.</exception>
    /// <exception cref="FleetRefusedException">The store is away, or the file's master key is not here.</exception>
    public async Task<CachedModelFile> GetAsync(string path, CancellationToken cancellationToken)
    {
        var sha256 = ParseKey(path);
        var place = Pin(sha256);
        try
        {
            await place.Turn.WaitAsync(cancellationToken);
            try
            {
                var file = Path.Combine(_folder, sha256 + Extension);
                var content = await ReadAsync(sha256, file, cancellationToken) ?? await FetchAsync(path, sha256, file, cancellationToken);
                MarkUsed(file);
                return new(content, () => Unpin(sha256));
            }
            finally
            {
                place.Turn.Release();
            }
        }
        catch
        {
            Unpin(sha256);
            throw;
        }
    }

    /// <summary>Removes plain files of before, and what downloads left that broke off.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(_folder);
        try
        {
            foreach (var file in folder.Exists ? folder.GetFiles() : [])
            {
                var isPlain = file.Extension == PlainExtension && IsSha256(Path.GetFileNameWithoutExtension(file.Name));
                if (isPlain || (file.Extension == PartExtension && time.GetUtcNow() - file.LastWriteTimeUtc > LeftOverAfter))
                {
                    file.Delete();
                    LogCleared(file.Name);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotCleared(_folder, exception.Message);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsSha256(string text) => text.Length == SHA256.HashSizeInBytes * 2 && text.All(char.IsAsciiHexDigitLower);

    private static string ParseKey(string path)
    {
        var sha256 = path.StartsWith(PathPrefix, StringComparison.Ordinal) ? path[PathPrefix.Length..] : "";
        return IsSha256(sha256)
            ? sha256
            : throw new InvalidDataException($"'{path}' is no key of the model file store (sha256/<64 hexadecimal digits>).");
    }

    private async Task<SealedMemory?> ReadAsync(string sha256, string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            await using var kept = await ModelContainer.OpenAsync(file, cancellationToken);
            return await DecryptAsync(kept, sha256, null, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or FleetRefusedException)
        {
            // Also where its master key is gone: the store has the key under a newer one.
            LogDamaged(Path.GetFileName(file), exception.Message);
            File.Delete(file);
            return null;
        }
        catch (IOException exception)
        {
            // The file may be well: it stays until another takes its place.
            LogDamaged(Path.GetFileName(file), exception.Message);
            return null;
        }
    }

    private async Task<SealedMemory> FetchAsync(string path, string sha256, string file, CancellationToken cancellationToken)
    {
        await using var stored = await files.OpenAsync(path, cancellationToken);
        Directory.CreateDirectory(_folder);

        // Not synced: what a power cut leaves of the file is found out when it is read, as any other damage is.
        var part = $"{file}.{Guid.NewGuid():N}{PartExtension}";
        SealedMemory? content = null;
        try
        {
            await using (var target = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await target.WriteAsync(ModelContainer.Format(stored.Header), cancellationToken);
                content = await DecryptAsync(stored, sha256, target, cancellationToken);
            }

            File.Move(part, file, overwrite: true);
            return content;
        }
        catch
        {
            content?.Dispose();
            throw;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async Task<SealedMemory> DecryptAsync(
        EncryptedModelFile file, string sha256, FileStream? copy, CancellationToken cancellationToken)
    {
        if (file.Header.Sha256 != sha256)
        {
            throw new InvalidDataException($"What came for {PathPrefix}{sha256} is {file.Header.Path}.");
        }

        using var decryption = await files.StartDecryptionAsync(file.Header, cancellationToken);
        using var plain = ModelFileChunk.Rent(ChunkCipher.ChunkBytes);
        var content = SealedMemory.Create();
        try
        {
            long size = 0;
            await foreach (var chunk in file.ReadChunksAsync(cancellationToken))
            {
                using (chunk)
                {
                    var copying = copy?.WriteAsync(chunk.Bytes, cancellationToken) ?? ValueTask.CompletedTask;
                    try
                    {
                        size += await TakeAsync(decryption, chunk, plain, content, size);
                    }
                    finally
                    {
                        await copying;
                    }
                }
            }

            decryption.Finish();
            content.Seal();
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    // Checking the whole takes as long as keeping it: beside each other.
    private static async Task<int> TakeAsync(
        ModelFileDecryption decryption, ModelFileChunk chunk, ModelFileChunk plain, SealedMemory content, long offset)
    {
        var bytes = decryption.Decrypt(chunk.Bytes.Span, plain.Bytes.Span);
        var checking = Task.Run(() => decryption.AddToChecksum(plain.Bytes.Span[..bytes]));
        try
        {
            content.Write(offset, plain.Bytes.Span[..bytes]);
        }
        finally
        {
            await checking;
        }

        return bytes;
    }

    private void MarkUsed(string file)
    {
        lock (_eviction)
        {
            try
            {
                File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
                Evict();
            }
            catch (IOException exception)
            {
                // Another worker that shares the folder was quicker; the content is here.
                LogNotCleared(_folder, exception.Message);
            }
        }
    }

    private void Evict()
    {
        var cached = new DirectoryInfo(_folder).GetFiles("*" + Extension).OrderBy(file => file.LastWriteTimeUtc).ToList();
        var excess = cached.Sum(file => file.Length) - options.Value.CacheBytes;
        foreach (var file in cached.TakeWhile(_ => excess > 0).Where(file => !IsPinned(file)))
        {
            var bytes = file.Length;
            file.Delete();
            excess -= bytes;
            LogEvicted(file.Name, bytes);
        }
    }

    private bool IsPinned(FileInfo file)
    {
        lock (_places)
        {
            return _places.ContainsKey(Path.GetFileNameWithoutExtension(file.Name));
        }
    }

    private Place Pin(string sha256)
    {
        lock (_places)
        {
            if (!_places.TryGetValue(sha256, out var place))
            {
                _places[sha256] = place = new();
            }

            place.Pins++;
            return place;
        }
    }

    private void Unpin(string sha256)
    {
        lock (_places)
        {
            if (--_places[sha256].Pins == 0)
            {
                _places.Remove(sha256, out var place);
                place!.Turn.Dispose();
            }
        }
    }

    /// <summary>A file that somebody uses or waits for; one at a time fetches it.</summary>
    private sealed class Place
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Pins { get; set; }
    }

    [LoggerMessage(LogLevel.Information, "Model file {File} of {Bytes} bytes left the local cache")]
    private partial void LogEvicted(string file, long bytes);

    [LoggerMessage(LogLevel.Warning, "Cached model file {File} is not usable and is fetched again: {Reason}")]
    private partial void LogDamaged(string file, string reason);

    [LoggerMessage(LogLevel.Information, "{File} was cleared out of the local cache")]
    private partial void LogCleared(string file);

    [LoggerMessage(LogLevel.Warning, "The local cache {Folder} could not be cleared up: {Reason}")]
    private partial void LogNotCleared(string folder, string reason);
}
