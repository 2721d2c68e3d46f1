using System.Security.Cryptography;

using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>The content of one entry, forward. The read that says it is at its end has made sure that it is the right content.</summary>
internal sealed class PackageEntry(PackageReader package, PackageFile file) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _left = file.Size;
    private bool _ended;

    public override long Length => file.Size;

    public override long Position
    {
        get => file.Size - _left;
        set => base.Position = value;
    }

    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The package ends, or the content is another than the manifest says.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left > 0 && buffer.Length > 0)
        {
            var read = await package.ReadContentAsync(buffer[..(int)Math.Min(buffer.Length, _left)], file.EntryName, cancellationToken);
            _hash.AppendData(buffer.Span[..read]);
            _left -= read;
            return read;
        }

        if (_left == 0 && !_ended)
        {
            await package.SkipPaddingAsync(file.Size, file.EntryName, cancellationToken);
            _ended = true;
            if (Convert.ToHexStringLower(_hash.GetHashAndReset()) != file.Sha256)
            {
                throw PackageRefusal.Invalid(file.EntryName, $"{file.EntryName} is another content than the manifest says: its SHA-256 differs.");
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
