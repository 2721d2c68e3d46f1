using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

using OrleansAiFleet.Testing;

namespace OrleansAiFleet.System.Tests.Deployments;

/// <summary>A detection as it arrived.</summary>
internal sealed record Arrived(Guid Id, Guid Camera, DateTimeOffset FrameTime);

/// <summary>A webhook's receiver that somebody else might have written: checks the signature, drops what it has, can go away.</summary>
internal sealed class SignedReceiver : IAsyncDisposable
{
    private readonly byte[] _secret;
    private readonly HashSet<Guid> _seen = [];
    private readonly List<Arrived> _arrived = [];
    private HttpListener? _listener;
    private Task _serving = Task.CompletedTask;

    public SignedReceiver(string secret)
    {
        _secret = Encoding.UTF8.GetBytes(secret);
        Address = new($"http://127.0.0.1:{FreePorts.Find(1)}/in/");
        Start();
    }

    public Uri Address { get; }

    /// <summary>Messages whose signature was wrong.</summary>
    public int Forged { get; private set; }

    public IReadOnlyList<Arrived> Arrived
    {
        get
        {
            lock (_arrived)
            {
                return [.. _arrived];
            }
        }
    }

    public void Start()
    {
        _listener = new();
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync(_listener);
    }

    /// <summary>Nobody listens any more.</summary>
    public async Task StopAsync()
    {
        _listener?.Close();
        await _serving;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ServeAsync(HttpListener listener)
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var response = context.Response;
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                response.StatusCode = IsSigned(context.Request.Headers, body.ToArray()) ? 204 : 401;
                if (response.StatusCode == 204)
                {
                    Take(body.ToArray());
                }
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
            {
                // The sender left, or the receiver is away.
            }
        }
    }

    private bool IsSigned(global::System.Collections.Specialized.NameValueCollection headers, byte[] body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(headers["X-Fleet-Timestamp"] + "."), .. body];
        var expected = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, signed));
        var isSigned = headers["X-Fleet-Signature"]?.Split(',').Contains(expected) is true;
        Forged += isSigned ? 0 : 1;
        return isSigned;
    }

    private void Take(byte[] body)
    {
        using var message = JsonDocument.Parse(body);
        lock (_arrived)
        {
            foreach (var frame in message.RootElement.GetProperty("frames").EnumerateArray())
            {
                var (camera, time) = (frame.GetProperty("camera_id").GetGuid(), frame.GetProperty("frame_time").GetDateTimeOffset());
                _arrived.AddRange(frame.GetProperty("detections").EnumerateArray()
                    .Select(detection => new Arrived(detection.GetProperty("id").GetGuid(), camera, time))
                    .Where(arrived => _seen.Add(arrived.Id)));
            }
        }
    }
}
