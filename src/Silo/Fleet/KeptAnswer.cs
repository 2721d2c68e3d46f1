using System.Text.Json;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>An answer as it is kept for a repetition of its request.</summary>
/// <param name="Headers">Those that belong to the answer and not to its way.</param>
/// <param name="Body">The body.</param>
internal sealed record KeptAnswer(Dictionary<string, string> Headers, byte[] Body)
{
    private static readonly string[] Kept = ["Content-Type", "Location", "ETag", "Warning"];

    public static KeptAnswer Of(HttpResponse response, byte[] body) => new(
        Kept.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString()), body);

    public static KeptAnswer Parse(byte[] bytes) => JsonSerializer.Deserialize<KeptAnswer>(bytes)!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    public void WriteHeaders(HttpResponse response)
    {
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }
    }
}
