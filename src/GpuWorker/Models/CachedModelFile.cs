namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>A model file that stays in the cache until this is disposed. Its plain content is in memory alone.</summary>
/// <param name="content">Whole, every chunk of it the file's own; owned by this.</param>
/// <param name="isChecked">Computes the checksum of the whole.</param>
/// <param name="unpin">Lets the cache have the file back.</param>
internal sealed class CachedModelFile(SealedMemory content, Task isChecked, Action unpin) : IDisposable
{
    private Action? _unpin = unpin;

    /// <summary>Ends when the content has the checksum that names it. What is made of it before that serves nobody.</summary>
    /// <exception cref="InvalidDataException">It has another; the task fails with it.</exception>
    public Task Checked { get; } = isChecked;

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
