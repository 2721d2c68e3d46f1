using System.Formats.Tar;

using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>A package on its way out, written in constant memory.</summary>
/// <param name="store">Has the files.</param>
/// <param name="manifest">What is in it.</param>
/// <param name="manifestBytes">The bytes that were signed.</param>
/// <param name="signature">The signature file.</param>
internal sealed class PackageContent(ModelFileStore store, PackageManifest manifest, byte[] manifestBytes, byte[] signature)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Bytes of the whole package.</summary>
    public long Length { get; } = manifest.Contents().Select(file => file.Size).Append(manifestBytes.Length).Append(signature.Length)
        .Sum(size => PackageReader.BlockBytes + ((size + PackageReader.BlockBytes - 1) / PackageReader.BlockBytes * PackageReader.BlockBytes))
        + (2 * PackageReader.BlockBytes);

    /// <summary>Writes it.</summary>
    /// <exception cref="InvalidDataException">A stored file is damaged: what was written until then is no package.</exception>
    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(target, TarEntryFormat.Ustar, leaveOpen: true);
        await WriteAsync(tar, PackageManifest.FileName, new MemoryStream(manifestBytes), cancellationToken);
        await WriteAsync(tar, PackageSignature.FileName, new MemoryStream(signature), cancellationToken);
        foreach (var file in manifest.Contents())
        {
            await using var content = new StoredContent(store, $"sha256/{file.Sha256}", file.Size);
            await WriteAsync(tar, file.EntryName, content, cancellationToken);
        }
    }

    private Task WriteAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) => tar.WriteEntryAsync(
        new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = Mode, ModificationTime = manifest.ExportedAt },
        cancellationToken);
}
