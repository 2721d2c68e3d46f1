using System.Net.Sockets;
using System.Text;

using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Tests.Access;

namespace OrleansAiFleet.Silo.Tests.Models.Fuzz;

/// <summary>Uploads that are wrong in every way: refused with a reason or taken whole, and nothing stays of those refused.</summary>
[Collection(FuzzedSilo.Name)]
public sealed class UploadFuzzTests(ControlSilo silo)
{
    private const string Path = "/api/admin/ai-models";
    private const int Seed = 20_260_302;

    private static readonly string[] Fields =
    [
        "id", "name", "version", "model_type", "category", "labels", "configuration", "description", "framework", "author",
        "training_images_count", "baseline_accuracy", "baseline_f1_score", "memory_requirement_gb", "training_completed_date",
        "training_dataset_info", "recommended_gpu_models", "compliance_certifications", "license_expires_at", "license_seats",
        "export_restrictions", "input_resolution_width", "output_classes", "batch_size_max", "confidence_threshold_default", "changelog",
        "documentation_url", "status", "decisions", "model_file_path", "created_by", "__proto__",
    ];

    private readonly Attack _attack = new(silo);

    [Fact]
    public async Task Values_of_fields()
    {
        foreach (var field in Fields)
        {
            var random = new Random(Seed + field.Length);
            foreach (var value in random.GetItems([.. Hostile.Json, .. Hostile.Texts], 18))
            {
                var form = field is "name" or "category" ? new HostileForm().File(Guid.NewGuid().ToByteArray()) : HostileForm.Good(Name());
                await SendAsync(Completed(form, field).Text(field, value).End());
            }
        }

        foreach (var bytes in Hostile.BrokenText)
        {
            await SendAsync(Completed(new HostileForm().File(Guid.NewGuid().ToByteArray()), "name").Bytes("name", bytes).End());
            await SendAsync(HostileForm.Good(Name()).Bytes("labels", bytes).End());
        }

        await AssertWithstoodAsync(500);
    }

    [Fact]
    public async Task Members_of_the_configuration()
    {
        var random = new Random(Seed);
        var members = typeof(ModelConfiguration).GetProperties()
            .Select(property => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)).ToArray();
        for (var i = 0; i < 150; i++)
        {
            await SendAsync(HostileForm.Good(Name()).Text("configuration", $$"""{"{{random.Any(members)}}": {{random.Any(Hostile.Json)}}}""").End());
        }

        await AssertWithstoodAsync(150);
    }

    [Fact]
    public async Task Shapes_of_the_form()
    {
        var good = HostileForm.Good(Name()).End();
        for (var length = 0; length < good.Length; length += 13)
        {
            await SendAsync(good[..length]);
        }

        foreach (var boundary in (string[])["other", "", "\"----fleet", "\"----fleet\"", new('b', 71), new('b', 10_000), "--", "a b", ";"])
        {
            await SendAsync(good, $"multipart/form-data; boundary={boundary}");
        }

        foreach (var type in (string[])["", "text/plain", "application/json", "multipart/mixed; boundary=----fleet", "multipart/form-data", "///"])
        {
            await SendAsync(good, type);
        }

        foreach (var name in Hostile.Texts)
        {
            var safe = name.ReplaceLineEndings("").Replace("\"", "", StringComparison.Ordinal);
            await SendAsync(HostileForm.Good(Name()).Text(safe, "x").End());
            await SendAsync(new HostileForm().Text("name", Name()).Text("category", "Person Detection").File(Guid.NewGuid().ToByteArray(), safe).End());
        }

        await SendAsync(HostileForm.Good(Name()).Part("Content-Disposition: form-data", "x"u8.ToArray()).End());
        await SendAsync(HostileForm.Good(Name()).Part("Content-Type: text/plain", "x"u8.ToArray()).End());
        await SendAsync(HostileForm.Good(Name()).Part("no header", "x"u8.ToArray()).End());
        await SendAsync(HostileForm.Good(Name()).Part("Content-Disposition: form-data; name=\"author\"\r\nX: " + new string('h', 100_000), []).End());
        await SendAsync(HostileForm.Good(Name()).Part(string.Concat(Enumerable.Repeat("X: y\r\n", 1000)) + "Z: z", []).End());
        await SendAsync(HostileForm.Good(Name()).Text("author", "a").Text("author", "b").End());
        await SendAsync(HostileForm.Good(Name()).File("two"u8.ToArray()).End());
        await SendAsync(HostileForm.Good(Name()).Text("description", new('d', (1 << 20) + 1)).End());
        await SendAsync(new HostileForm().Text("name", Name()).Text("category", "Person Detection").File([]).End());
        await SendAsync(new HostileForm().File(Guid.NewGuid().ToByteArray()).End());
        await SendAsync(new HostileForm().End());
        await SendAsync(Enumerable.Range(0, 2000).Aggregate(HostileForm.Good(Name()), (form, i) => form.Text($"f{i}", "")).End());
        await AssertWithstoodAsync(60);
    }

    [Fact]
    public async Task Bodies_shorter_or_longer_than_they_say()
    {
        var good = HostileForm.Good(Name()).End();
        foreach (var (said, sent) in new (string, int)[]
        {
            ($"Content-Length: {good.Length + 1000}", good.Length), ($"Content-Length: {good.Length + 1000}", good.Length / 2),
            ($"Content-Length: {good.Length - 40}", good.Length), ("Content-Length: 0", good.Length), ("Content-Length: -1", good.Length),
            ("Content-Length: 99999999999999999999", good.Length), ("Content-Length: 9223372036854775807", good.Length),
            ("Content-Length: 5\r\nContent-Length: 6", good.Length), ("Transfer-Encoding: chunked", good.Length),
            ("Content-Type: multipart/form-data; boundary=\u00FC", good.Length), ("Content-Type: a/b; charset=\0", good.Length),
            ("Transfer-Encoding: gzip, chunked", good.Length), ("Transfer-Encoding: chunked\r\nContent-Length: 5", good.Length), ("X: y", good.Length),
        })
        {
            var status = await SendRawAsync(said, good.AsMemory(0, sent));
            Assert.True(status is null or (< 500 and >= 200), $"{status} for {said}");
        }

        await SendAsync(HostileForm.Good(Name()).End());
        await SendAsync([]);
        await AssertWithstoodAsync(2);
    }

    [Fact]
    public async Task Same_content_and_same_id_at_the_same_time()
    {
        var content = Guid.NewGuid().ToByteArray();
        var id = Guid.NewGuid();
        var name = Name();
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => _attack.SendAsync(HttpMethod.Post, Path, Form(i), HostileForm.ContentType)));
        await AssertWithstoodAsync(24);

        byte[] Form(int i) => (i % 3) switch
        {
            0 => new HostileForm().Text("name", name).Text("category", "Person Detection").File(content).Text("id", $"{id}").Text("version", "1").End(),
            1 => new HostileForm().Text("name", name).Text("category", "Person Detection").File(content).Text("version", $"{i}").End(),
            _ => new HostileForm().Text("name", name).Text("category", "Nothing").File(content).End(),
        };
    }

    private static string Name() => $"Fuzzed {Guid.NewGuid():N}";

    private static HostileForm Completed(HostileForm form, string field) => field switch
    {
        "name" => form.Text("category", "Person Detection"),
        "category" => form.Text("name", Name()),
        _ => form,
    };

    private Task<string?> SendAsync(byte[] body, string contentType = HostileForm.ContentType) => _attack.SendAsync(HttpMethod.Post, Path, body, contentType);

    private async Task AssertWithstoodAsync(int least)
    {
        _attack.AssertWithstood(least);
        await silo.AssertWholeAsync();
    }

    /// <returns>Status that was answered, or null where the connection was closed.</returns>
    private async Task<int?> SendRawAsync(string length, ReadOnlyMemory<byte> body)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(silo.Address.Host, silo.Address.Port, limit.Token);
        await using var stream = tcp.GetStream();
        var key = silo.Administrator.DefaultRequestHeaders.GetValues("X-Api-Key").Single();
        var head = $"POST {Path} HTTP/1.1\r\nHost: {silo.Address.Authority}\r\nX-Api-Key: {key}\r\nContent-Type: {HostileForm.ContentType}\r\n{length}\r\n\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), limit.Token);
        var answer = new byte[4096];
        try
        {
            await stream.WriteAsync(body, limit.Token);
            tcp.Client.Shutdown(SocketShutdown.Send);
            var read = await stream.ReadAsync(answer, limit.Token);
            return read == 0 ? null : int.Parse(Encoding.ASCII.GetString(answer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

[CollectionDefinition(Name)]
public sealed class FuzzedSilo : ICollectionFixture<ControlSilo>
{
    public const string Name = "Fuzzed silo";
}
