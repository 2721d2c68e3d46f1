using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>
/// As much of the S3 protocol as the store speaks, over HTTP on loopback: objects, multipart uploads with their smallest
/// part, payload hashes; signatures are not recomputed.
/// </summary>
internal sealed class BucketLookAlike : IAsyncDisposable
{
    public const string Name = "models";
    public const string AccessKey = "look-alike";
    private const int SmallestPart = 5 << 20;

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<int, byte[]>> _uploads = new();
    private readonly ConcurrentDictionary<string, string> _uploadKeys = new();
    private readonly Task _serving;

    public BucketLookAlike()
    {
        Endpoint = $"http://127.0.0.1:{FreePorts.Find(1)}/";
        _listener.Prefixes.Add(Endpoint);
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Endpoint { get; }

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    public int UploadsBegun => _uploads.Count;

    /// <summary>Answers nothing but 503.</summary>
    public bool IsDown { get; set; }

    public int PartsReceived { get; private set; }

    /// <summary>Begins a multipart upload as somebody would who died then.</summary>
    public void LeaveUpload(string key)
    {
        _uploads["left"] = new() { [1] = [1, 2, 3] };
        _uploadKeys["left"] = key;
    }

    public async ValueTask DisposeAsync()
    {
        // At once: after a stop, closing binds the port again, which somebody else may have by then.
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or InvalidOperationException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var (status, body) = await HandleAsync(context.Request, context.Response);
            context.Response.StatusCode = status;
            context.Response.ContentLength64 = body.Length;
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException)
        {
            // The client went away.
        }
    }

    private async Task<(int Status, byte[] Body)> HandleAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        using var content = new MemoryStream();
        await request.InputStream.CopyToAsync(content);
        var body = content.ToArray();
        if (IsDown)
        {
            return Fault(503, "ServiceUnavailable");
        }

        if (request.Headers["Authorization"]?.Contains($"Credential={AccessKey}/", StringComparison.Ordinal) != true)
        {
            return Fault(403, "AccessDenied");
        }

        if (request.Headers["x-amz-content-sha256"] != Convert.ToHexStringLower(SHA256.HashData(body)))
        {
            return Fault(400, "XAmzContentSHA256Mismatch");
        }

        var path = request.Url!.AbsolutePath.TrimStart('/').Split('/', 2);
        var key = path.Length == 2 ? Uri.UnescapeDataString(path[1]) : "";
        var query = request.QueryString;
        var asksUploads = query["uploads"] is not null || query.GetValues(null)?.Contains("uploads") == true;
        return path[0] != Name ? Fault(404, "NoSuchBucket") : (request.HttpMethod, key, query["uploadId"]) switch
        {
            ("GET", "", _) when asksUploads => ListUploads(query["prefix"] ?? ""),
            ("GET", _, _) => Objects.TryGetValue(key, out var found) ? (200, found) : Fault(404, "NoSuchKey"),
            ("POST", _, null) when asksUploads => Begin(key),
            ("POST", _, { } upload) => Complete(key, upload, response),
            ("PUT", _, { } upload) => Part(upload, int.Parse(query["partNumber"]!, null), body, response),
            ("PUT", _, _) => Put(key, body, response),
            ("DELETE", _, { } upload) => Abort(upload),
            ("DELETE", _, _) => Remove(key),
            _ => Fault(405, "MethodNotAllowed"),
        };
    }

    private (int, byte[]) Begin(string key)
    {
        var upload = Guid.NewGuid().ToString("N");
        _uploads[upload] = new();
        _uploadKeys[upload] = key;
        return Xml($"<InitiateMultipartUploadResult><Bucket>{Name}</Bucket><Key>{key}</Key><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>");
    }

    private (int, byte[]) Part(string upload, int part, byte[] body, HttpListenerResponse response)
    {
        if (!_uploads.TryGetValue(upload, out var parts))
        {
            return Fault(404, "NoSuchUpload");
        }

        PartsReceived++;
        parts[part] = body;
        return Tagged(body, response);
    }

    private (int, byte[]) Put(string key, byte[] body, HttpListenerResponse response)
    {
        Objects[key] = body;
        return Tagged(body, response);
    }

    private (int, byte[]) Complete(string key, string upload, HttpListenerResponse response)
    {
        if (!_uploads.TryRemove(upload, out var parts))
        {
            return Fault(404, "NoSuchUpload");
        }

        var ordered = parts.OrderBy(part => part.Key).Select(part => part.Value).ToArray();
        if (ordered[..^1].Any(part => part.Length < SmallestPart))
        {
            return Fault(400, "EntityTooSmall");
        }

        Objects[key] = [.. ordered.SelectMany(part => part)];
        response.Headers["ETag"] = "\"whole\"";
        return Xml($"<CompleteMultipartUploadResult><Bucket>{Name}</Bucket><Key>{key}</Key><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>");
    }

    private (int, byte[]) ListUploads(string prefix) => Xml(
        $"<ListMultipartUploadsResult><Bucket>{Name}</Bucket><IsTruncated>false</IsTruncated>"
        + string.Concat(_uploads.Keys.Where(upload => _uploadKeys[upload].StartsWith(prefix, StringComparison.Ordinal))
            .Select(upload => $"<Upload><Key>{_uploadKeys[upload]}</Key><UploadId>{upload}</UploadId></Upload>"))
        + "</ListMultipartUploadsResult>");

    private (int, byte[]) Abort(string upload) => _uploads.TryRemove(upload, out _) ? (204, []) : Fault(404, "NoSuchUpload");

    private (int, byte[]) Remove(string key)
    {
        Objects.TryRemove(key, out _);
        return (204, []);
    }

    private static (int, byte[]) Tagged(byte[] body, HttpListenerResponse response)
    {
        response.Headers["ETag"] = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";
        return (200, []);
    }

    private static (int, byte[]) Xml(string text) => (200, Encoding.UTF8.GetBytes(text));

    private static (int, byte[]) Fault(int status, string code) =>
        (status, Encoding.UTF8.GetBytes($"<Error><Code>{code}</Code><Message>{code}</Message></Error>"));
}
