using System.Text;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Silo.Inference;

namespace OrleansAiFleet.Silo.Tests.Inference;

/// <summary>Bodies of every kind, whole and broken: pictures come out, or a refusal, and nothing else.</summary>
public sealed class PictureRequestTests
{
    private static readonly InferenceApiOptions Limits = new() { MaxPictures = 3, MaxPictureBytes = 2000, MaxRequestBytes = 5000 };

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("image/png")]
    [InlineData("IMAGE/WebP")]
    [InlineData("application/octet-stream")]
    public async Task Body_that_is_a_picture_is_the_picture(string type)
    {
        var sent = await Read(type, [1, 2, 3]);

        Assert.True(sent.IsSingle);
        Assert.Equal([1, 2, 3], Assert.Single(sent.Pictures));
    }

    [Fact]
    public async Task Form_and_json_have_their_pictures_in_order()
    {
        var form = await Read("multipart/form-data; boundary=\"b\"", Form("one", "two"));
        var json = await Read("application/json; charset=utf-8", """{"note":{"a":[1]},"images":[{"name":"x","base64":"AQI="},{"base64":"Aw=="}]}""");

        Assert.Equal(["one", "two"], form.Pictures.Select(Encoding.ASCII.GetString));
        Assert.Equal([[1, 2], [3]], json.Pictures);
        Assert.False(form.IsSingle || json.IsSingle);
    }

    [Theory]
    [InlineData("text/plain", "x", 415, null)]
    [InlineData(null, "x", 415, null)]
    [InlineData("image/gif", "x", 415, null)]
    [InlineData("image/jpeg", "", 400, "file")]
    [InlineData("multipart/form-data", "x", 400, null)]
    [InlineData("multipart/form-data; boundary=b", "", 400, null)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data\r\n\r\nhal", 400, null)]
    [InlineData("multipart/form-data; boundary=b", "--b--\r\n", 400, "images")]
    [InlineData("application/json", "", 400, null)]
    [InlineData("application/json", "[]", 400, null)]
    [InlineData("application/json", "{", 400, null)]
    [InlineData("application/json", "{}", 400, "images")]
    [InlineData("application/json", """{"images":{}}""", 400, null)]
    [InlineData("application/json", """{"images":[]}""", 400, "images")]
    [InlineData("application/json", """{"images":["AQ=="]}""", 400, "images[0].base64")]
    [InlineData("application/json", """{"images":[{"base64":"AQ=="},{}]}""", 400, "images[1].base64")]
    [InlineData("application/json", """{"images":[{"base64":7}]}""", 400, "images[0].base64")]
    [InlineData("application/json", """{"images":[{"base64":"no base64!"}]}""", 400, "images[0].base64")]
    [InlineData("application/json", """{"images":[{"base64":""}]}""", 400, "images[0].base64")]
    [InlineData("application/json", """{"images":[{"base64":"AQ=="}]} trailing""", 400, null)]
    [InlineData("application/json", """{"images":[{"base64":"\ud800"}]}""", 400, null)]
    public async Task Body_that_is_none_is_refused_by_field(string? type, string body, int status, string? field)
    {
        var refusal = await Refused(type, Encoding.Latin1.GetBytes(body));

        Assert.Equal((status, field), (refusal.Status, refusal.Field));
    }

    [Fact]
    public async Task Too_many_pictures_are_refused_in_forms_and_json()
    {
        var json = string.Join(',', Enumerable.Repeat("""{"base64":"AQ=="}""", 4));

        Assert.Equal("too_many_pictures", (await Refused("multipart/form-data; boundary=b", Form("1", "2", "3", "4"))).Reason);
        Assert.Equal("too_many_pictures", (await Refused("application/json", Encoding.ASCII.GetBytes($"{{\"images\":[{json}]}}"))).Reason);
        Assert.Equal(3, (await Read("multipart/form-data; boundary=b", Form("1", "2", "3"))).Pictures.Count);
    }

    [Fact]
    public async Task Too_many_bytes_are_refused_of_a_picture_and_of_all()
    {
        var (large, fits) = (new string('x', 2001), new string('x', 1999));
        var coded = $$"""{"images":[{"base64":"{{Convert.ToBase64String(new byte[2001])}}"}]}""";

        Assert.Equal((413, "file"), Of(await Refused("image/jpeg", Encoding.ASCII.GetBytes(large))));
        Assert.Equal((413, "images[1]"), Of(await Refused("multipart/form-data; boundary=b", Form("small", large))));
        Assert.Equal((413, "images[0].base64"), Of(await Refused("application/json", Encoding.ASCII.GetBytes(coded))));
        Assert.Equal((413, null), Of(await Refused("multipart/form-data; boundary=b", Form(fits, fits, fits))));
        Assert.Equal((413, null), Of(await Refused("application/json", new byte[5001])));
        Assert.Equal((413, null), Of(await Refused("image/jpeg", [], declared: 5001)));
    }

    /// <summary>Seeded noise over whole bodies: cut off, changed, doubled.</summary>
    [Theory]
    [InlineData("multipart/form-data; boundary=b")]
    [InlineData("application/json")]
    public async Task Broken_bodies_give_pictures_or_a_refusal(string type)
    {
        var whole = type.StartsWith("multipart", StringComparison.Ordinal)
            ? Form("one picture", "another")
            : """{"images":[{"base64":"AQIDBAUG"},{"base64":"BwgJ"}]}"""u8.ToArray();
        var random = new Random(7);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 2000; i++)
        {
            var body = whole.ToArray();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            body = body[..random.Next(body.Length + 1)];
            try
            {
                Assert.InRange((await Read(type, body)).Pictures.Count, 1, 3);
                read++;
            }
            catch (InferenceRefusedException exception)
            {
                Assert.InRange(exception.Refusal.Status, 400, 415);
                refused++;
            }
        }

        Assert.True(read > 0 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Silo_holds_as_many_bytes_as_it_may_and_gives_them_back()
    {
        var budget = new PictureBudget(Options.Create(new InferenceApiOptions { MaxRequestBytes = 1 << 20, MaxBytesInMemory = 4 << 20 }));
        var first = budget.Reserve(null);
        using var second = budget.Reserve(long.MaxValue);

        Assert.Equal(503, Assert.Throws<InferenceRefusedException>(() => budget.Reserve(1)).Refusal.Status);
        first.Dispose();
        first.Dispose();

        Assert.Equal(2 << 20, budget.Held);
        using var third = budget.Reserve(1000);
        Assert.Equal((2 << 20) + 2000, budget.Held);
    }

    [Theory]
    [InlineData(16, 64, 512, true)]
    [InlineData(65, 64, 512, false)]
    [InlineData(16, 64, 127, false)]
    public void Limits_that_contradict_each_other_do_not_start(int picture, int request, int memory, bool isValid)
    {
        var options = new InferenceApiOptions
        {
            MaxPictureBytes = picture << 20, MaxRequestBytes = request << 20, MaxBytesInMemory = (long)memory << 20,
        };

        Assert.Equal(isValid, new InferenceApiOptionsRules().Validate(null, options).Succeeded);
    }

    private static (int, string?) Of(InferenceRefusal refusal) => (refusal.Status, refusal.Field);

    private static byte[] Form(params string[] pictures) => Encoding.ASCII.GetBytes(string.Concat(pictures.Select(picture =>
        $"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n{picture}\r\n")) + "--b--\r\n");

    private static async Task<InferenceRefusal> Refused(string? type, byte[] body, long? declared = null) =>
        (await Assert.ThrowsAsync<InferenceRefusedException>(() => Read(type, body, declared))).Refusal;

    private static Task<PictureRequest> Read(string? type, string body) => Read(type, Encoding.UTF8.GetBytes(body));

    private static Task<PictureRequest> Read(string? type, byte[] body, long? declared = null)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = type;
        context.Request.ContentLength = declared;
        context.Request.Body = new MemoryStream(body);
        return PictureRequest.ReadAsync(context.Request, Limits, CancellationToken.None);
    }
}
