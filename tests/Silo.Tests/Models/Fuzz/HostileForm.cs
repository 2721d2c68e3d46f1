using System.Text;

namespace OrleansAiFleet.Silo.Tests.Models.Fuzz;

/// <summary>A multipart body written by hand, so that it can be wrong.</summary>
internal sealed class HostileForm
{
    public const string Boundary = "----fleet";
    public const string ContentType = $"multipart/form-data; boundary={Boundary}";

    private readonly List<byte> _body = [];

    /// <summary>A form that is taken: name, category and a file of its own.</summary>
    public static HostileForm Good(string name) => new HostileForm()
        .Text("name", name).Text("category", "Person Detection").File(Guid.NewGuid().ToByteArray());

    public HostileForm Text(string name, string value) => Part($"Content-Disposition: form-data; name=\"{name}\"", Encoding.UTF8.GetBytes(value));

    public HostileForm Bytes(string name, byte[] value) => Part($"Content-Disposition: form-data; name=\"{name}\"", value);

    public HostileForm File(byte[] content, string fileName = "model.onnx") =>
        Part($"Content-Disposition: form-data; name=\"file\"; filename=\"{fileName}\"\r\nContent-Type: application/octet-stream", content);

    /// <summary>A part with these header lines.</summary>
    public HostileForm Part(string headers, byte[] content)
    {
        Write($"--{Boundary}\r\n{headers}\r\n\r\n");
        _body.AddRange(content);
        Write("\r\n");
        return this;
    }

    public byte[] End()
    {
        Write($"--{Boundary}--\r\n");
        return [.. _body];
    }

    private void Write(string text) => _body.AddRange(Encoding.UTF8.GetBytes(text));
}
