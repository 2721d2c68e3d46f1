using System.Formats.Tar;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using OrleansAiFleet.Silo.Models.Packages;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Tests.Models.Packages;

/// <summary>Takes a package to pieces and puts it together again, well signed or not.</summary>
internal sealed class TestPackage
{
    private const string Label = "fleet.model-packages.v1";

    private TestPackage(List<(string Name, byte[] Content)> entries) => Entries = entries;

    public List<(string Name, byte[] Content)> Entries { get; }

    public byte[] Manifest => Entries[0].Content;

    public static async Task<TestPackage> ReadAsync(byte[] bytes)
    {
        await using var tar = new TarReader(new MemoryStream(bytes));
        var entries = new List<(string, byte[])>();
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            using var content = new MemoryStream();
            await (entry.DataStream ?? Stream.Null).CopyToAsync(content);
            entries.Add((entry.Name, content.ToArray()));
        }

        return new(entries);
    }

    public static string KeyIdOf(byte[] masterKey)
    {
        using var key = DerivedKeyPair.Create(masterKey, Encoding.UTF8.GetBytes(Label));
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    public static HttpContent Body(byte[] bytes) => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-tar") } };

    public TestPackage Copy() => new([.. Entries]);

    /// <summary>Changes the manifest and signs it with the key of the fleet that has this master key.</summary>
    public TestPackage Resigned(byte[] masterKey, Action<JsonObject> change)
    {
        var manifest = JsonNode.Parse(Manifest)!.AsObject();
        change(manifest);
        return Resigned(masterKey, Encoding.UTF8.GetBytes(manifest.ToJsonString(new() { MaxDepth = 1000 })));
    }

    /// <summary>Takes these bytes for the manifest and signs them.</summary>
    public TestPackage Resigned(byte[] masterKey, byte[] manifest)
    {
        using var key = DerivedKeyPair.Create(masterKey, Encoding.UTF8.GetBytes(Label));
        return Signed(key, KeyIdOf(masterKey), manifest);
    }

    /// <summary>Signs these bytes by any key.</summary>
    public TestPackage Signed(ECDsa key, string keyId, byte[] manifest)
    {
        var copy = Copy();
        copy.Entries[0] = (copy.Entries[0].Name, manifest);
        copy.Entries[1] = (copy.Entries[1].Name, PackageJson.Write(new PackageSignature
        {
            Algorithm = PackageSignature.EcdsaP256Sha256,
            KeyId = keyId,
            PublicKey = key.ExportSubjectPublicKeyInfo(),
            Signature = key.SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        }));
        return copy;
    }

    /// <summary>As a tar file.</summary>
    public byte[] ToBytes(TarEntryFormat format = TarEntryFormat.Ustar) =>
        Tar([.. Entries.Select(entry => Entry(format, TarEntryType.RegularFile, entry.Name, entry.Content))]);

    /// <summary>A tar file of any entries.</summary>
    public static byte[] Tar(params TarEntry[] entries)
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    public static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name, byte[]? content = null, string? link = null)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.Pax => new PaxTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            _ => new UstarTarEntry(type, name),
        };
        if (content is not null)
        {
            entry.DataStream = new MemoryStream(content);
        }

        if (link is not null)
        {
            entry.LinkName = link;
        }

        return entry;
    }
}
