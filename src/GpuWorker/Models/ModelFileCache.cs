using System.Security.Cryptography;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>
/// Model files on this machine's disk, encrypted as in the store and named by the SHA-256 of their content, which is checked
/// every time. Plain content is in memory alone. Bounded in bytes: the least recently used go first, those of loaded models
/// stay. Different files are fetched beside each other, the same one once; where a file cannot be kept, it serves all the same.
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
    private readonly ModelFilePlaces _places = new();
    private readonly Lock _eviction = new();

    /// <summary>The file, fetched if it is not here or not whole. It stays until the result is disposed.</summary>
    /// <param name="path">Key in the store: <c>sha256/&lt;64 hexadecimal digits&gt;</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileNotFoundException">The store has no such file.</exception>
    /// <exception cref="InvalidDataException">The path is no such key, or what came was tampered with.</exception>
    /// <exception cref="FleetRefusedException">The store is away, or the file's master key is not here.</exception>
    public async Task<CachedModelFile> GetAsync(string path, CancellationToken cancellationToken)
    {
        var file = await GetUncheckedAsync(path, cancellationToken);
        try
        {
            await file.Checked.WaitAsync(cancellationToken);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// As <see cref="GetAsync"/>, while the checksum of the whole of what was fetched is still computed, for who has a second of work
    /// before anything serves: every chunk is the file's own. <see cref="CachedModelFile.Checked"/> is awaited before that.
    /// </summary>
    /// <exception cref="FileNotFoundException">The store has no such file.</exception>
    /// <exception cref="InvalidDataException">The path is no such key, or what came was tampered with.</exception>
    /// <exception cref="FleetRefusedException">The store is away, or the file's master key is not here.</exception>
    public async Task<CachedModelFile> GetUncheckedAsync(string path, CancellationToken cancellationToken)
    {
        var sha256 = ParseKey(path);
        var place = _places.Pin(sha256);
        try
        {
            await place.Turn.WaitAsync(cancellationToken);
            try
            {
                var file = Path.Combine(_folder, sha256 + Extension);
                await place.Keeping;
                var (content, isChecked) = await ReadAsync(sha256, file, cancellationToken)
                    ?? await FetchAsync(place, path, sha256, file, cancellationToken);
                return new(content, isChecked, () => _places.Unpin(sha256));
            }
            finally
            {
                place.Turn.Release();
            }
        }
        catch
        {
            _places.Unpin(sha256);
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

    /// <summary>Waits for the files that are on their way to the disk.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _places.KeepingAsync().WaitAsync(cancellationToken);

    private static bool IsSha256(string text) => text.Length == SHA256.HashSizeInBytes * 2 && text.All(char.IsAsciiHexDigitLower);

    private static string ParseKey(string path)
    {
        var sha256 = path.StartsWith(PathPrefix, StringComparison.Ordinal) ? path[PathPrefix.Length..] : "";
        return IsSha256(sha256)
            ? sha256
            : throw new InvalidDataException($"'{path}' is no key of the model file store (sha256/<64 hexadecimal digits>).");
    }

    private async Task<(SealedMemory Content, Task Checked)?> ReadAsync(string sha256, string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            await using var kept = await ModelContainer.OpenAsync(file, cancellationToken);
            using var decryption = await DecryptionAsync(kept.Header, sha256, cancellationToken);
            var content = await DecryptedContent.ReadCheckedAsync(kept, decryption, cancellationToken);
            MarkUsed(file);
            return (content, Task.CompletedTask);
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

    private async Task<(SealedMemory Content, Task Checked)> FetchAsync(
        ModelFilePlace place, string path, string sha256, string file, CancellationToken cancellationToken)
    {
        await using var stored = await files.OpenAsync(path, cancellationToken);
        var decryption = await DecryptionAsync(stored.Header, sha256, cancellationToken);
        SealedMemory? content = null;
        try
        {
            content = await DecryptedContent.ReadAsync(stored, decryption, cancellationToken);
            var isChecked = DecryptedContent.CheckAsync(stored.Header, content);
            var plain = content.OpenRead();
            _places.Pin(sha256);
            place.Keeping = KeepAsync(file, stored.Header, plain, decryption, isChecked, () => _places.Unpin(sha256));
            return (content, isChecked);
        }
        catch
        {
            content?.Dispose();
            decryption.Dispose();
            throw;
        }
    }

    // Beside the loading of the model, which waits for nothing here: the content goes to the disk as it lay in the store. Not synced:
    // what a power cut leaves of the file is found out when it is read, as any other damage is.
    private async Task KeepAsync(
        string file, ModelFileHeader header, Stream plain, ModelFileDecryption decryption, Task isChecked, Action done)
    {
        var part = $"{file}.{Guid.NewGuid():N}{PartExtension}";
        try
        {
            await using (plain)
            {
                await isChecked.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                Directory.CreateDirectory(_folder);
                await using var target = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                await ModelContainer.WriteAsync(target, header, plain, decryption, CancellationToken.None);
            }

            File.Move(part, file, overwrite: true);
            MarkUsed(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogNotKept(Path.GetFileName(file), exception.Message);
            Delete(part);
        }
        finally
        {
            decryption.Dispose();
            done();
        }
    }

    private async Task<ModelFileDecryption> DecryptionAsync(ModelFileHeader header, string sha256, CancellationToken cancellationToken) =>
        header.Sha256 == sha256
            ? await files.StartDecryptionAsync(header, cancellationToken)
            : throw new InvalidDataException($"What came for {PathPrefix}{sha256} is {header.Path}.");

    private void Delete(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotCleared(_folder, exception.Message);
        }
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
        foreach (var file in cached.TakeWhile(_ => excess > 0).Where(file => !_places.IsPinned(Path.GetFileNameWithoutExtension(file.Name))))
        {
            var bytes = file.Length;
            file.Delete();
            excess -= bytes;
            LogEvicted(file.Name, bytes);
        }
    }

    [LoggerMessage(LogLevel.Information, "Model file {File} of {Bytes} bytes left the local cache")]
    private partial void LogEvicted(string file, long bytes);

    [LoggerMessage(LogLevel.Warning, "Cached model file {File} is not usable and is fetched again: {Reason}")]
    private partial void LogDamaged(string file, string reason);

    [LoggerMessage(LogLevel.Information, "{File} was cleared out of the local cache")]
    private partial void LogCleared(string file);

    [LoggerMessage(LogLevel.Warning, "Model file {File} is not kept in the local cache: {Reason}")]
    private partial void LogNotKept(string file, string reason);

    [LoggerMessage(LogLevel.Warning, "The local cache {Folder} could not be cleared up: {Reason}")]
    private partial void LogNotCleared(string folder, string reason);
}
