using System.Net;
using System.Text;

namespace OrleansAiFleet.System.Tests.Access;

/// <summary>Takes what hosts export by OTLP over HTTP, as it comes.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly StringBuilder _received = new();
    private readonly LoopbackServer _server;

    public OtlpReceiver() => _server = new(TakeAsync);

    public Uri Address => _server.Address;

    /// <summary>All that came. Protocol buffers have texts as they are.</summary>
    public string Received
    {
        get
        {
            lock (_received)
            {
                return _received.ToString();
            }
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        lock (_received)
        {
            _received.Append(Encoding.UTF8.GetString(body.ToArray())).Append('\n');
        }

        context.Response.ContentType = "application/x-protobuf";
    }
}
