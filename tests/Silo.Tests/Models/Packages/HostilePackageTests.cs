using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models.Packages;

/// <summary>Packages that somebody made to do harm, or that broke on the way: each is refused with a reason, and nothing of it stays.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class HostilePackageTests(ControlSilo silo) : IAsyncLifetime
{
    private static readonly byte[] MasterKey = new byte[32];

    private TestPackage _good = null!;

    public async Task InitializeAsync()
    {
        var model = await silo.RegisterCompleteAsync($"Hostile {Guid.NewGuid():N}");
        _good = await TestPackage.ReadAsync(await silo.ExportAsync(model.Id));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Package_that_the_others_were_made_of_is_taken() =>
        await (await silo.ImportAsync(_good.ToBytes(), "?version=2")).Read<JsonObject>(HttpStatusCode.Created);

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("manifest.json/")]
    [InlineData("./manifest.json")]
    [InlineData("MANIFEST.JSON")]
    [InlineData("C:\\manifest.json")]
    public async Task Entry_of_another_name_is_refused(string name)
    {
        var package = _good.Copy();
        package.Entries[0] = (name, package.Manifest);

        await silo.RefuseAsync(package.ToBytes(), HttpStatusCode.BadRequest, "manifest.json");
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "/etc/passwd")]
    [InlineData(TarEntryType.HardLink, "/etc/passwd")]
    [InlineData(TarEntryType.Directory, null)]
    [InlineData(TarEntryType.CharacterDevice, null)]
    [InlineData(TarEntryType.BlockDevice, null)]
    [InlineData(TarEntryType.Fifo, null)]
    public async Task Entry_that_is_no_plain_file_is_refused(TarEntryType type, string? link)
    {
        var bytes = TestPackage.Tar(
            TestPackage.Entry(TarEntryFormat.Ustar, TarEntryType.RegularFile, "manifest.json", _good.Manifest),
            TestPackage.Entry(TarEntryFormat.Ustar, type, "manifest.sig", link: link));

        await silo.RefuseAsync(bytes, HttpStatusCode.BadRequest, "manifest.sig");
    }

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    [InlineData('K')]
    [InlineData('S')]
    [InlineData('7')]
    [InlineData('D')]
    [InlineData('Z')]
    public async Task Extended_header_that_claims_gigabytes_is_refused_before_anybody_reserves_them(char type)
    {
        var bytes = _good.ToBytes();
        bytes[156] = (byte)type;
        Encoding.ASCII.GetBytes("17777777777\0").CopyTo(bytes, 124);
        FixChecksum(bytes, 0);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await silo.RefuseAsync(bytes, HttpStatusCode.BadRequest, "manifest.json");

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData("00000000000\0")]
    [InlineData("77777777777\0")]
    [InlineData("-0000000001\0")]
    [InlineData("99999999999\0")]
    [InlineData("            ")]
    [InlineData("00004000001\0")]
    public async Task Size_that_lies_is_refused(string size)
    {
        var bytes = _good.ToBytes();
        Encoding.ASCII.GetBytes(size).CopyTo(bytes, 124);
        FixChecksum(bytes, 0);

        await silo.RefuseAsync(bytes, HttpStatusCode.BadRequest, "manifest.json");
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public async Task Size_in_binary_that_lies_is_refused(byte first)
    {
        var bytes = _good.ToBytes();
        bytes.AsSpan(124, 12).Fill(0x7F);
        bytes[124] = first;
        FixChecksum(bytes, 0);

        await silo.RefuseAsync(bytes, HttpStatusCode.BadRequest, "manifest.json");
    }

    [Fact]
    public async Task Order_that_is_wrong_or_an_entry_too_few_or_too_many_is_refused()
    {
        await RefuseEntriesAsync("manifest.json", entries => entries.Reverse(0, 2));
        await RefuseEntriesAsync("manifest.json", entries => entries.Insert(0, ("files/x", [1])));
        await RefuseEntriesAsync("manifest.sig", entries => entries.RemoveAt(1));
        await RefuseEntriesAsync(_good.Entries[2].Name, entries => entries.Reverse(2, 2));
        await RefuseEntriesAsync(_good.Entries[2].Name, entries => entries.RemoveAt(2));
        await RefuseEntriesAsync(_good.Entries[^1].Name, entries => entries.RemoveAt(entries.Count - 1));
        await RefuseEntriesAsync(_good.Entries[3].Name, entries => entries.Insert(2, entries[2]));
        await RefuseEntriesAsync(null, entries => entries.Add(entries[2]));
        await RefuseEntriesAsync(null, entries => entries.Add(("files/../../x", [1])));
        await RefuseEntriesAsync(null, entries => entries.AddRange(Enumerable.Range(0, 10_000).Select(i => ($"files/{i}", Array.Empty<byte>()))));
        await RefuseEntriesAsync(_good.Entries[2].Name, entries => entries[2] = (entries[2].Name, [.. entries[2].Content, 1]));
        await RefuseEntriesAsync(_good.Entries[2].Name, entries => entries[2] = (entries[2].Name, new byte[entries[2].Content.Length]));
    }

    [Fact]
    public async Task Manifest_or_signature_that_is_too_large_is_refused()
    {
        await RefuseEntriesAsync("manifest.json", entries => entries[0] = (entries[0].Name, new byte[(1 << 20) + 1]));
        await RefuseEntriesAsync("manifest.sig", entries => entries[1] = (entries[1].Name, new byte[4097]));
    }

    [Fact]
    public async Task Signature_that_is_stripped_of_another_manifest_or_of_a_stranger_is_refused()
    {
        var other = await silo.RegisterCompleteAsync($"Other {Guid.NewGuid():N}");
        var foreign = await TestPackage.ReadAsync(await silo.ExportAsync(other.Id));
        await RefuseEntriesAsync("manifest.sig", entries => entries[1] = foreign.Entries[1]);
        await RefuseEntriesAsync("manifest.sig", entries => entries[1] = (entries[1].Name, "{}"u8.ToArray()));
        await RefuseEntriesAsync("manifest.sig", entries => entries[1] = (entries[1].Name, Encoding.UTF8.GetBytes(new string('[', 4000))));
        await RefuseEntriesAsync("manifest.sig", entries => entries[1] = (entries[1].Name, [.. entries[1].Content, (byte)' ']));
        await RefuseSignatureAsync(signature => signature["algorithm"] = "none");
        await RefuseSignatureAsync(signature => signature["signature"] = "");
        await RefuseSignatureAsync(signature => signature["public_key"] = "");
        await RefuseSignatureAsync(signature => signature["public_key"] = null);
        await RefuseSignatureAsync(signature => signature["key_id"] = new string('0', 64));
        await RefuseSignatureAsync(signature => signature["more"] = 1);

        using var strangers = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyId = Convert.ToHexStringLower(SHA256.HashData(strangers.ExportSubjectPublicKeyInfo()));
        await silo.RefuseAsync(_good.Signed(strangers, keyId, _good.Manifest).ToBytes(), HttpStatusCode.Forbidden, "manifest.sig");
        await silo.RefuseAsync(
            _good.Signed(strangers, TestPackage.KeyIdOf(MasterKey), _good.Manifest).ToBytes(), HttpStatusCode.BadRequest, "manifest.sig");
    }

    [Fact]
    public async Task Package_that_is_cut_off_anywhere_is_refused()
    {
        var bytes = _good.ToBytes();
        for (var length = 0; length < bytes.Length; length += 509)
        {
            using var answer = await silo.ImportAsync(bytes[..length], "?version=cut");
            Assert.Equal((length, HttpStatusCode.BadRequest), (length, answer.StatusCode));
        }

        await silo.RefuseAsync(bytes[..^512], HttpStatusCode.BadRequest, field: null);
        await silo.RefuseAsync([.. bytes, 0], HttpStatusCode.BadRequest, field: null);
        await silo.RefuseAsync([.. bytes, .. new byte[511], 1], HttpStatusCode.BadRequest, field: null);
    }

    [Fact]
    public async Task Body_that_is_no_package_is_refused()
    {
        await silo.RefuseAsync([], HttpStatusCode.BadRequest, "manifest.json");
        await silo.RefuseAsync(new byte[5000], HttpStatusCode.BadRequest, "manifest.json");
        await silo.RefuseAsync(Encoding.UTF8.GetBytes(new string('x', 5000)), HttpStatusCode.BadRequest, "manifest.json");
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        var answer = await silo.Administrator.PostAsync(new Uri("/api/admin/ai-models/import", UriKind.Relative), json);
        await answer.ReadProblem(HttpStatusCode.UnsupportedMediaType, field: null);
    }

    private async Task RefuseEntriesAsync(string? field, Action<List<(string Name, byte[] Content)>> change)
    {
        var package = _good.Copy();
        change(package.Entries);
        await silo.RefuseAsync(package.ToBytes(), HttpStatusCode.BadRequest, field);
    }

    private Task RefuseSignatureAsync(Action<JsonObject> change) => RefuseEntriesAsync("manifest.sig", entries =>
    {
        var signature = JsonNode.Parse(entries[1].Content)!.AsObject();
        change(signature);
        entries[1] = (entries[1].Name, OrleansAiFleet.Silo.Models.Packages.PackageJson.Write(signature));
    });

    private static void FixChecksum(byte[] bytes, int header)
    {
        bytes.AsSpan(header + 148, 8).Fill((byte)' ');
        var sum = bytes.AsSpan(header, 512).ToArray().Sum(value => value);
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(bytes, header + 148);
    }
}
