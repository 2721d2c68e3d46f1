using System.Net;
using System.Net.Sockets;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// The way of one source from ffmpeg to the network. ffmpeg resolves names and follows redirects and playlists by itself;
/// here it gets a port of this machine instead, behind which each connection is judged: an HTTP proxy, or a passage to one
/// RTSP server that lets no redirect through. Other protocols get the judged address in place of the name.
/// </summary>
internal sealed class SourceRelay : IAsyncDisposable
{
    private const int MaximumConnections = 16;

    private readonly CancellationTokenSource _closing = new();
    private readonly TcpListener? _listener;
    private readonly SemaphoreSlim _room = new(MaximumConnections);
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    private SourceRelay(MediaSegment segment, TcpListener? listener, Func<TcpClient, CancellationToken, Task>? serve)
    {
        (Segment, _listener) = (segment, listener);
        _accepting = serve is null ? Task.CompletedTask : AcceptAsync(serve);
    }

    /// <summary>What ffmpeg is given in place of the source.</summary>
    public MediaSegment Segment { get; }

    /// <summary>Why a connection was refused last, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Opens the way to a source on the network.</summary>
    /// <exception cref="SourceException">It may not be where it is.</exception>
    public static async Task<SourceRelay> OpenAsync(MediaSegment segment, SourceGuard guard, CancellationToken cancellationToken)
    {
        var address = new Uri(segment.Addresses[0]);
        var judged = await guard.JudgeAsync(address.Host, cancellationToken);
        if (segment.Kind is not SourceKind.Http && segment.Scheme is not "rtsp")
        {
            return new(segment with { Addresses = [With(address, judged.ToString(), address.Port)] }, null, null);
        }

        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(MaximumConnections);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return segment.Kind is SourceKind.Http
            ? new(segment with { Proxy = $"http://127.0.0.1:{port}" }, listener, new HttpPassage(guard).ServeAsync)
            : new(
                segment with { Addresses = [With(address, "127.0.0.1", port)] },
                listener,
                new RtspPassage(guard, address.Host, address.Port > 0 ? address.Port : RtspPassage.UsualPort).ServeAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        await Task.WhenAll(_connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
        _room.Dispose();
    }

    private static string With(Uri address, string host, int port)
    {
        var changed = new UriBuilder(address) { Host = host, Port = port };
        return changed.Uri.AbsoluteUri;
    }

    private async Task AcceptAsync(Func<TcpClient, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(_closing.Token);
                var client = await _listener!.AcceptTcpClientAsync(_closing.Token);
                _connections.RemoveAll(connection => connection.IsCompleted);
                _connections.Add(ServeAsync(client, serve));
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The source is let go of.
        }
    }

    private async Task ServeAsync(TcpClient client, Func<TcpClient, CancellationToken, Task> serve)
    {
        try
        {
            client.NoDelay = true;
            await serve(client, _closing.Token);
        }
        catch (SourceException refused)
        {
            Refusal = refused.Message;
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of both sides closed: ffmpeg says what that means to it.
        }
        finally
        {
            client.Dispose();
            _room.Release();
        }
    }
}
