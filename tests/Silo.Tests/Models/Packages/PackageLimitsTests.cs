using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Text;

using OrleansAiFleet.Silo.Models.Packages;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models.Packages;

/// <summary>What is refused by its size alone, and settings that cannot be meant.</summary>
[Collection(ApiTests.Name)]
public sealed class PackageLimitsTests(ApiFixture api)
{
    [Fact]
    public async Task Package_that_announces_more_than_the_limit_is_too_large_before_a_byte_of_it_comes()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Http.BaseAddress!.Host, api.Http.BaseAddress.Port);
        var size = ApiFixture.MaxUploadBytes + (64 << 20) + 1;
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/admin/ai-models/import HTTP/1.1\r\nHost: fleet\r\nX-Api-Key: {OneKey.Secret}\r\n"
            + $"Content-Type: application/x-tar\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"));

        var answer = await new StreamReader(client.GetStream()).ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("0123", false)]
    [InlineData("z123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", false)]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true)]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", true)]
    public void Publisher_is_a_fingerprint_or_the_host_does_not_start(string fingerprint, bool good)
    {
        var options = new ModelPackageOptions { TrustedPublishers = [fingerprint] };
        var faults = new List<ValidationResult>();

        Assert.Equal(good, Validator.TryValidateObject(options, new(options), faults, validateAllProperties: true));
        Assert.All(faults, fault => Assert.Contains("Fleet:Models:TrustedPublishers:0", fault.ErrorMessage!, StringComparison.Ordinal));
    }
}
