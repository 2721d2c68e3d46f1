namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>A model file that stays in the cache until this is disposed. Its plain content is in memory alone.</summary>
/// <param name="content">Whole and checked; owned by this.</param>
/// <param name="unpin">Lets the cache have the file back.</param>
internal sealed class CachedModelFile(SealedMemory content, Action unpin) : IDisposable
{
    private Action? _unpin = unpin;

    /// <summary>Path of the plain content, for who opens by path; until <see cref="ForgetContent"/>.</summary>
    /// <exception cref="ObjectDisposedException">The content was forgotten.</exception>
    public string File => content.Path;

    /// <summary>The plain content from its start, as often as wanted; until <see cref="ForgetContent"/>.</summary>
    /// <exception cref="ObjectDisposedException">The content was forgotten.</exception>
    public Stream OpenRead() => content.OpenRead();

    /// <summary>Frees the plain content; the encrypted file stays. Streams that are open stay good.</summary>
    public void ForgetContent() => content.Dispose();

    public void Dispose()
    {
        content.Dispose();
        Interlocked.Exchange(ref _unpin, null)?.Invoke();
    }
}
