using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>An HTTP proxy for one source: every host that ffmpeg asks for, by a redirect or a playlist too, is judged.</summary>
internal sealed class HttpPassage(SourceGuard guard)
{
    private const int MaximumHead = 16 << 10;
    private const int UsualPort = 80;
    private static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(10);
    private static readonly byte[] Established = "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray();
    private static readonly byte[] Refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    /// <summary>Serves one connection of ffmpeg.</summary>
    /// <exception cref="SourceException">What it asked for is refused.</exception>
    public async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        var stream = client.GetStream();
        var (head, rest) = await ReadHeadAsync(stream, cancellationToken);
        var line = head.Split("\r\n", 2)[0].Split(' ');
        TcpClient server;
        try
        {
            var (host, port) = line is [var method, var target, ..] ? TargetOf(method, target) : throw Unreadable();
            server = await guard.ConnectAsync(host, port, cancellationToken);
        }
        catch (SourceException)
        {
            await stream.WriteAsync(Refused, cancellationToken);
            throw;
        }

        using (server)
        {
            if (line[0] == "CONNECT")
            {
                await stream.WriteAsync(Established, cancellationToken);
            }
            else
            {
                await server.GetStream().WriteAsync(Encoding.Latin1.GetBytes(Forwarded(head, line)), cancellationToken);
            }

            await server.GetStream().WriteAsync(rest, cancellationToken);
            await PassAsync(stream, server.GetStream(), cancellationToken);
        }
    }

    /// <summary>Passes bytes both ways until one side ends.</summary>
    public static async Task PassAsync(Stream one, Stream other, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var there = one.CopyToAsync(other, ended.Token);
        var back = other.CopyToAsync(one, ended.Token);
        await Task.WhenAny(there, back);
        await ended.CancelAsync();
        await Task.WhenAll(there, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static SourceException Unreadable() => new("The source was asked for in a way that the worker does not understand.");

    private static (string Host, int Port) TargetOf(string method, string target)
    {
        if (method != "CONNECT")
        {
            return Uri.TryCreate(target, UriKind.Absolute, out var address) && address.Scheme == "http"
                ? (address.Host, address.IsDefaultPort ? UsualPort : address.Port)
                : throw Unreadable();
        }

        var colon = target.LastIndexOf(':');
        return colon > 0 && int.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (target[..colon], port)
            : throw Unreadable();
    }

    // As the server itself is asked, and without what was meant for the proxy.
    private static string Forwarded(string head, string[] line)
    {
        var rest = head.Split("\r\n").Skip(1).Where(field => !field.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase));
        return $"{line[0]} {new Uri(line[1]).PathAndQuery} {line[^1]}\r\n{string.Join("\r\n", rest)}";
    }

    private static async Task<(string Head, byte[] Behind)> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HeadLimit);
        var buffer = new byte[MaximumHead];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), limit.Token);
            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return (Encoding.Latin1.GetString(buffer, 0, end + 4), buffer[(end + 4)..length]);
            }

            if (read == 0)
            {
                break;
            }
        }

        throw Unreadable();
    }
}
