using System.Net;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Tests.Access.Attacks;

namespace OrleansAiFleet.Silo.Tests.Access;

/// <summary>What browsers are told, by every kind of answer.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class SecurityHeadersTests(ControlSilo silo)
{
    [Theory]
    [InlineData("/api/admin/people", HttpStatusCode.OK)]
    [InlineData("/api/admin/cameras/00000000-0000-0000-0000-000000000001", HttpStatusCode.NotFound)]
    [InlineData("/no/such/page", HttpStatusCode.NotFound)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.Redirect)]
    public async Task Answer_that_is_no_page_may_do_nothing(string path, HttpStatusCode status)
    {
        using var answer = await silo.Administrator.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(ContentPolicy.NoPage, Header(answer, "Content-Security-Policy"));
        AssertStrict(answer);
    }

    [Fact]
    public async Task Refusal_is_no_page()
    {
        using var anonymous = silo.Anonymous();
        using var answer = await anonymous.GetAsync(new Uri("/api/admin/people", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(ContentPolicy.NoPage, Header(answer, "Content-Security-Policy"));
        AssertStrict(answer);
    }

    [Fact]
    public async Task Dashboard_runs_scripts_of_its_own_host_only()
    {
        using var answer = await silo.Administrator.GetAsync(new Uri("/orleans/", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("script-src 'self';", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        AssertStrict(answer);
    }

    [Fact]
    public async Task Reference_starts_by_a_script_good_for_one_answer()
    {
        var nonces = new HashSet<string>();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await silo.Administrator.GetAsync(new Uri("/docs/", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var policy = Header(answer, "Content-Security-Policy");
            var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
            Assert.Contains($"nonce=\"{nonce}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain("script-src 'self' 'unsafe", policy, StringComparison.Ordinal);
            nonces.Add(nonce);
            AssertStrict(answer);
        }

        Assert.Equal(2, nonces.Count);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("OPTIONS")]
    public async Task Page_of_another_origin_reads_nothing(string method)
    {
        using var request = new HttpRequestMessage(new(method), new Uri("/api/admin/people", UriKind.Relative));
        request.Headers.Add("Origin", "https://elsewhere.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        using var answer = await silo.Administrator.SendAsync(request);

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
    }

    [Theory]
    [InlineData("a line of 9 KiB", 414)]
    [InlineData("33 KiB of headers", 431)]
    [InlineData("65 headers", 431)]
    public async Task Head_without_end_is_refused(string what, int status)
    {
        var path = what is "a line of 9 KiB" ? new string('x', 9 << 10) : "health/live";
        var headers = what switch
        {
            "33 KiB of headers" => $"X-Large: {new string('x', 33 << 10)}\r\n",
            "65 headers" => string.Concat(Enumerable.Range(0, 65).Select(i => $"X-{i}: x\r\n")),
            _ => "",
        };
        var (answered, _) = await RawRequest.SendAsync(
            silo.Address, $"GET /{path} HTTP/1.1\r\nHost: {silo.Address.Authority}\r\n{headers}\r\n");

        Assert.Equal(status, answered);
    }

    private static void AssertStrict(HttpResponseMessage answer)
    {
        Assert.Contains("frame-ancestors 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
        Assert.DoesNotContain(answer.Headers, header => header.Key is "Server" or "Strict-Transport-Security");
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
