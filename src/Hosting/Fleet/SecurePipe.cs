using System.IO.Pipelines;
using System.Net.Security;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>The encrypted side of a connection as pipes.</summary>
internal sealed class SecurePipe(SslStream stream) : IDuplexPipe, IAsyncDisposable
{
    // A TLS record has at most 16 KiB: RFC 8446, 5.1.
    private const int RecordBytes = 16 * 1024;

    public PipeReader Input { get; } = PipeReader.Create(stream, new(bufferSize: RecordBytes, minimumReadSize: RecordBytes / 4, leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new(minimumBufferSize: RecordBytes, leaveOpen: true));

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        try
        {
            await Output.CompleteAsync();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // What was still to be written to a connection that is gone.
        }
    }
}
