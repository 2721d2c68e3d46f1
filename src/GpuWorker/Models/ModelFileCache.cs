using System.Security.Cryptography;

using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>
/// Model files on this machine's disk, named by their SHA-256 and checked against it every time. Bounded in bytes: the
/// least recently used go first, those of loaded models stay.
/// </summary>
internal sealed partial class ModelFileCache(
    IModelFiles files, IOptions<InferenceOptions> options, TimeProvider time, ILogger<ModelFileCache> logger) : IDisposable
{
    private const string PathPrefix = "sha256/";
    private const string Extension = ".onnx";

    private readonly string _folder = Path.GetFullPath(options.Value.CacheFolder);
    private readonly Dictionary<string, int> _pins = [];
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The file, fetched if it is not here or not whole. It stays until the result is disposed.</summary>
    /// <param name="path">Key in the store: <c>sha256/&lt;64 hexadecimal digits&gt;</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileNotFoundException">The store has no such file.</exception>
    /// <exception cref="InvalidDataException">The path is no such key, or what came does not match it.</exception>
    public async Task<CachedModelFile> GetAsync(string path, CancellationToken cancellationToken)
    {
        var sha256 = ParseKey(path);
        var file = Path.Combine(_folder, sha256 + Extension);
        Pin(sha256);
        try
        {
            // One at a time: fetches share the network, and eviction must see whole files.
            await _gate.WaitAsync(cancellationToken);
            try
            {
                Directory.CreateDirectory(_folder);
                await EnsureAsync(path, sha256, file, cancellationToken);
                File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
                Evict();
            }
            finally
            {
                _gate.Release();
            }

            return new CachedModelFile(file, () => Unpin(sha256));
        }
        catch
        {
            Unpin(sha256);
            throw;
        }
    }

    public void Dispose() => _gate.Dispose();

    private static string ParseKey(string path)
    {
        var sha256 = path.StartsWith(PathPrefix, StringComparison.Ordinal) ? path[PathPrefix.Length..] : "";
        return sha256.Length == SHA256.HashSizeInBytes * 2 && sha256.All(char.IsAsciiHexDigitLower)
            ? sha256
            : throw new InvalidDataException($"'{path}' is no key of the model file store (sha256/<64 hexadecimal digits>).");
    }

    private async Task EnsureAsync(string path, string sha256, string file, CancellationToken cancellationToken)
    {
        if (await MatchesAsync(file, sha256, cancellationToken))
        {
            return;
        }

        File.Delete(file);
        try
        {
            await files.FetchAsync(path, file, cancellationToken);
            if (!await MatchesAsync(file, sha256, cancellationToken))
            {
                throw new InvalidDataException($"The content of {path} does not match its SHA-256.");
            }
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    private static async Task<bool> MatchesAsync(string file, string sha256, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) == sha256;
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
        lock (_pins)
        {
            return _pins.ContainsKey(Path.GetFileNameWithoutExtension(file.Name));
        }
    }

    private void Pin(string sha256)
    {
        lock (_pins)
        {
            _pins[sha256] = _pins.GetValueOrDefault(sha256) + 1;
        }
    }

    private void Unpin(string sha256)
    {
        lock (_pins)
        {
            if (--_pins[sha256] == 0)
            {
                _pins.Remove(sha256);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Model file {File} of {Bytes} bytes left the local cache")]
    private partial void LogEvicted(string file, long bytes);
}

/// <summary>A model file that stays on disk until this is disposed.</summary>
internal sealed class CachedModelFile(string file, Action unpin) : IDisposable
{
    private Action? _unpin = unpin;

    public string File { get; } = file;

    /// <summary>The file's content from its start.</summary>
    public Stream OpenRead() => System.IO.File.OpenRead(File);

    public void Dispose() => Interlocked.Exchange(ref _unpin, null)?.Invoke();
}
