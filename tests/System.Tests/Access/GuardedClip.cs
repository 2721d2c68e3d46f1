using System.Net;
using System.Text;

using OrleansAiFleet.Testing;

namespace OrleansAiFleet.System.Tests.Access;

/// <summary>A recording behind user, password and a token in the address.</summary>
internal sealed class GuardedClip : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _clip;
    private readonly string _authorization;
    private readonly string _query;
    private readonly Task _serving;
    private int _served;

    public GuardedClip(string file, string credentials, string query)
    {
        _clip = File.ReadAllBytes(file);
        _authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        _query = "?" + query;
        Authority = $"127.0.0.1:{FreePorts.Find(1)}";
        _listener.Prefixes.Add($"http://{Authority}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Host and port.</summary>
    public string Authority { get; }

    /// <summary>Whether somebody came who had all three.</summary>
    public bool IsServed => Volatile.Read(ref _served) > 0;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                await AnswerAsync(context);
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.IsListening)
                {
                    return;
                }
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        if (context.Request.Headers["Authorization"] != _authorization || context.Request.Url!.Query != _query)
        {
            response.StatusCode = 401;
            response.Headers["WWW-Authenticate"] = "Basic realm=\"camera\"";
            return;
        }

        Interlocked.Increment(ref _served);
        response.ContentType = "video/mp4";
        response.ContentLength64 = _clip.Length;
        await response.OutputStream.WriteAsync(_clip);
    }
}
