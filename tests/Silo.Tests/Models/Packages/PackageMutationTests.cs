using System.Globalization;
using System.Net;

using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

using Xunit.Abstractions;

namespace OrleansAiFleet.Silo.Tests.Models.Packages;

/// <summary>A good package, changed at random: it is refused and nothing stays, or what arrives is what was sent.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class PackageMutationTests(ControlSilo silo, ITestOutputHelper output)
{
    private const int Seed = 20261129;
    private const int Mutations = 200;
    private const int Block = 512;

    [Fact]
    public async Task Two_hundred_changed_packages_are_refused_or_arrive_unchanged()
    {
        var random = new Random(Seed);
        var model = await silo.RegisterCompleteAsync($"Mutated {Guid.NewGuid():N}");
        var good = await silo.ExportAsync(model.Id);
        var before = await silo.StoredAsync();
        var (refused, taken) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            var changed = Mutate(random, good, i);
            while (changed.AsSpan().SequenceEqual(good))
            {
                changed = Mutate(random, good, i);
            }

            using var answer = await silo.ImportAsync(changed, $"?version=m{i}");
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode is HttpStatusCode.Created)
            {
                // Only what the format leaves open: zeros at the end of a tar file.
                Assert.Equal(good.AsSpan().TrimEnd((byte)0), changed.AsSpan().TrimEnd((byte)0));
                await RemoveAsync(await answer.Read<AiModel>(HttpStatusCode.Created));
                taken++;
            }
            else
            {
                Assert.True((int)answer.StatusCode is 400 or 403, $"mutation {i} of seed {Seed}: {(int)answer.StatusCode} {text}");
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
                refused++;
            }
        }

        Assert.Equal(before, await silo.StoredAsync());
        Assert.True(refused > Mutations * 3 / 4, $"{refused} refused");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"count: {refused} refused, {taken} with other zeros at the end taken"));
    }

    private static byte[] Mutate(Random random, byte[] good, int number)
    {
        // Each region gets its share: first block, header or content of a block, all of it.
        var at = number % 4 switch
        {
            0 => random.Next(Block),
            1 => (random.Next(good.Length / Block) * Block) + random.Next(Block),
            2 => good.Length - 1 - random.Next(2 * Block),
            _ => random.Next(good.Length),
        };
        var length = Math.Min(good.Length - at, 1 << random.Next(10));
        var bytes = good.ToArray();
        var noise = new byte[length];
        random.NextBytes(noise);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 3:
                return [.. bytes[..at], .. noise, .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 5:
                return bytes[..at];
            case 6:
                bytes.AsSpan(at, length).Clear();
                return bytes;
            default:
                noise.CopyTo(bytes, at);
                return bytes;
        }
    }

    private async Task RemoveAsync(AiModel model)
    {
        var tag = (await silo.Administrator.Get($"/api/admin/ai-models/{model.Id}")).Headers.ETag!;
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri($"/api/admin/ai-models/{model.Id}", UriKind.Relative));
        request.Headers.IfMatch.Add(tag);
        Assert.Equal(HttpStatusCode.NoContent, (await silo.Administrator.SendAsync(request)).StatusCode);
    }
}
