using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>A camera that serves MJPEG over HTTP, and can be told to go silent or to hang up.</summary>
internal sealed class MjpegServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _picture = File.ReadAllBytes(Clips.Picture("mjpeg.jpg", "gray"));
    private readonly Task _serving;

    public MjpegServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/video.mjpg";

    /// <summary><c>user:password</c> it wants, or null.</summary>
    public string? Credentials { get; init; }

    /// <summary>Pictures it sends on one connection; then it goes silent or hangs up.</summary>
    public int Pictures { get; set; } = int.MaxValue;

    public bool GoesSilent { get; set; }

    public int Connections;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> clients = [];
        try
        {
            while (true)
            {
                clients.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var request = await HeadAsync(stream);
            var wanted = Credentials is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials));
            if (wanted is not null && !request.Contains($"Authorization: Basic {wanted}", StringComparison.OrdinalIgnoreCase))
            {
                await WriteAsync(
                    stream,
                    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n");
                return;
            }

            Interlocked.Increment(ref Connections);
            await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\nConnection: close\r\n\r\n");
            for (var i = 0; i < Pictures; i++)
            {
                await WriteAsync(stream, $"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {_picture.Length}\r\n\r\n");
                await stream.WriteAsync(_picture, _stop.Token);
                await WriteAsync(stream, "\r\n");
                await Task.Delay(40, _stop.Token);
            }

            if (GoesSilent)
            {
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // The other side left, or the test is over.
        }
    }

    private async Task<string> HeadAsync(NetworkStream stream)
    {
        var buffer = new byte[8192];
        var length = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), _stop.Token);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private async Task WriteAsync(NetworkStream stream, string text) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token);
}
