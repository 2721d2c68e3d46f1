using System.Net;

using OrleansAiFleet.Testing;

namespace OrleansAiFleet.System.Tests.Access;

/// <summary>A small HTTP server on loopback, one request after the other.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerContext, Task> _answer;
    private readonly Task _serving;

    public LoopbackServer(Func<HttpListenerContext, Task> answer)
    {
        _answer = answer;
        Address = new($"http://127.0.0.1:{FreePorts.Find(1)}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var response = context.Response;
                await _answer(context);
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The client left, or the test is over.
            }
        }
    }
}
