using System.Net;
using System.Text;

namespace OrleansAiFleet.System.Tests.Access;

/// <summary>A recording behind user, password and a token in the address.</summary>
internal sealed class GuardedClip : IAsyncDisposable
{
    private readonly byte[] _clip;
    private readonly string _authorization;
    private readonly string _query;
    private readonly LoopbackServer _server;
    private int _served;

    public GuardedClip(string file, string credentials, string query)
    {
        _clip = File.ReadAllBytes(file);
        _authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        _query = "?" + query;
        _server = new(AnswerAsync);
    }

    /// <summary>Host and port.</summary>
    public string Authority => _server.Address.Authority;

    /// <summary>Whether somebody came who had all three.</summary>
    public bool IsServed => Volatile.Read(ref _served) > 0;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var response = context.Response;
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
