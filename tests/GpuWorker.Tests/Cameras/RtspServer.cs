using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>A camera that serves H.264 over RTSP (RFC 2326), RTP interleaved in the control connection, basic auth.</summary>
internal sealed class RtspServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly UdpClient _media = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly string _description = Path.Combine(Clips.NewFolder(), "camera.sdp");
    private readonly Process _source;
    private readonly Task _serving;

    public RtspServer()
    {
        _listener.Start();
        var port = ((IPEndPoint)_media.Client.LocalEndPoint!).Port;
        _source = Process.Start(
            "ffmpeg",
            $"-nostdin -v error -re -stream_loop -1 -i {Clips.Moving(seconds: 2, fps: 25)} -c copy "
            + $"-f rtp -sdp_file {_description} rtp://127.0.0.1:{port}?pkt_size=1200");
        _serving = ServeAsync();
    }

    public string Url => $"rtsp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/camera";

    public string? Credentials { get; init; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _media.Dispose();
        _source.Kill();
        await _source.WaitForExitAsync();
        _source.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync(_stop.Token) is { } first)
            {
                Dictionary<string, string> head = new(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    var colon = line.IndexOf(':', StringComparison.Ordinal);
                    head[line[..colon]] = line[(colon + 1)..].Trim();
                }

                await WriteAsync(stream, await ReplyAsync(first.Split(' ')[0], head));
                if (first.StartsWith("PLAY", StringComparison.Ordinal))
                {
                    await SendMediaAsync(stream);
                }
            }
        }
        catch (IOException)
        {
            // The other side left.
        }
    }

    private async Task<string> ReplyAsync(string method, Dictionary<string, string> head)
    {
        var wanted = Credentials is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials));
        if (wanted is not null && method != "OPTIONS" && head.GetValueOrDefault("Authorization") != wanted)
        {
            return Reply(head, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"camera\"\r\n");
        }

        return method switch
        {
            "OPTIONS" => Reply(head, "200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY\r\n"),
            "DESCRIBE" => Reply(head, "200 OK", "Content-Type: application/sdp\r\n", await DescriptionAsync()),
            "SETUP" => Reply(head, "200 OK", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n"),
            _ => Reply(head, "200 OK", "Session: 1\r\n"),
        };
    }

    private async Task<string> DescriptionAsync()
    {
        await Eventually.TrueAsync(() => File.Exists(_description) && new FileInfo(_description).Length > 0, () => "no SDP");
        var lines = (await File.ReadAllLinesAsync(_description, _stop.Token)).SkipWhile(line => !line.StartsWith("v=", StringComparison.Ordinal));
        return string.Join("\r\n", lines) + "\r\na=control:track0\r\n";
    }

    private async Task SendMediaAsync(NetworkStream stream)
    {
        while (true)
        {
            var packet = (await _media.ReceiveAsync(_stop.Token)).Buffer;
            byte[] framed = [(byte)'$', 0, (byte)(packet.Length >> 8), (byte)packet.Length, .. packet];
            await stream.WriteAsync(framed, _stop.Token);
        }
    }

    private static string Reply(Dictionary<string, string> head, string status, string fields, string body = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"RTSP/1.0 {status}\r\nCSeq: {head["CSeq"]}\r\n{fields}Content-Length: {body.Length}\r\n\r\n{body}");

    private async Task WriteAsync(NetworkStream stream, string text) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token);
}
