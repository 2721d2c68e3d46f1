using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansAiFleet.Silo.Tests.Access.Attacks;

/// <summary>A request byte by byte, as no client library would send it.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Status of the first answer, 0 where the connection was closed without one; and the answer's text.</summary>
    public static async Task<(int Status, string Text)> SendAsync(Uri host, string request)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(host.Host, host.Port, limit.Token);
        var stream = tcp.GetStream();
        var text = new StringBuilder();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
            var buffer = new byte[4096];
            int read;
            while ((read = await stream.ReadAsync(buffer, limit.Token)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Closed on us, which is an answer too.
        }

        var answer = text.ToString();
        return answer.StartsWith("HTTP/1.", StringComparison.Ordinal)
            ? (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), answer)
            : (0, answer);
    }
}
