using System.Net.Sockets;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Leads to one RTSP server over TCP. An answer that sends ffmpeg elsewhere ends the connection instead; ffmpeg follows such
/// answers up to its PLAY, from where on pictures come between the answers.
/// </summary>
internal sealed class RtspPassage(SourceGuard guard, string host, int port)
{
    /// <summary>Where RTSP servers listen.</summary>
    public const int UsualPort = 554;

    private const int ChunkBytes = 16 << 10;
    private static readonly byte[] Redirect = "RTSP/1.0 3"u8.ToArray();

    /// <summary>Serves one connection of ffmpeg.</summary>
    /// <exception cref="SourceException">The server may not be where it is, or sends the reader elsewhere.</exception>
    public async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var server = await guard.ConnectAsync(host, port, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var playing = new TaskCompletionSource();
        var there = AskAsync(client.GetStream(), server.GetStream(), playing, ended.Token);
        var back = AnswerAsync(server.GetStream(), client.GetStream(), playing.Task, ended.Token);
        var first = await Task.WhenAny(there, back);
        await ended.CancelAsync();
        await Task.WhenAll(there, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private static async Task AskAsync(NetworkStream client, NetworkStream server, TaskCompletionSource playing, CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkBytes];
        int read;
        while ((read = await client.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (buffer.AsSpan(0, read).StartsWith("PLAY "u8))
            {
                playing.TrySetResult();
            }

            await server.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task AnswerAsync(NetworkStream server, NetworkStream client, Task playing, CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkBytes];

        // The end of the chunk before stands in front: an answer may come in pieces.
        var kept = 0;
        int read;
        while ((read = await server.ReadAsync(buffer.AsMemory(kept), cancellationToken)) > 0)
        {
            if (playing.IsCompleted)
            {
                await client.WriteAsync(buffer.AsMemory(kept, read), cancellationToken);
                await server.CopyToAsync(client, cancellationToken);
                return;
            }

            var seen = kept + read;
            if (buffer.AsSpan(0, seen).IndexOf(Redirect) >= 0)
            {
                throw new SourceException("The camera sends the reader to another address, which is not followed. Give that address instead.");
            }

            await client.WriteAsync(buffer.AsMemory(kept, read), cancellationToken);
            kept = Math.Min(seen, Redirect.Length - 1);
            buffer.AsSpan(seen - kept, kept).CopyTo(buffer);
        }
    }
}
