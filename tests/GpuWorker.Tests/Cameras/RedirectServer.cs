using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Answers every connection with one text, and counts them.</summary>
internal sealed class RedirectServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _connections;

    public RedirectServer(Func<string, string> answer)
    {
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public static string Http(string status, string headers, string body = "") =>
        $"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<string, string> answer)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
            var stream = client.GetStream();
            var buffer = new byte[4096];
            var read = await stream.ReadAsync(buffer, _stop.Token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer(Encoding.Latin1.GetString(buffer, 0, read))), _stop.Token);
        }
    }
}
