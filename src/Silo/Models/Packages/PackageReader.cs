using System.Formats.Tar;
using System.Text;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>
/// Reads a package forward, in constant memory, each entry by the name that it must have: nothing in it says where anything goes.
/// </summary>
/// <remarks>
/// Headers are decoded by the library, one block at a time and only where they are of a plain file: for an extended header it would
/// reserve as much memory as that claims.
/// </remarks>
internal sealed class PackageReader(Stream body)
{
    /// <summary>What a tar file is made of.</summary>
    public const int BlockBytes = 512;

    private const int ChecksumOffset = 148;
    private const int ChecksumBytes = 8;
    private const int TypeOffset = 156;
    private const int DrainBytes = 64 * 1024;

    private readonly byte[] _block = new byte[BlockBytes];

    /// <summary>Reads a whole entry that fits in memory.</summary>
    /// <param name="name">The name that it must have.</param>
    /// <param name="most">Most bytes it may have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FleetRefusedException">The next entry is another, or larger, or the package ends.</exception>
    public async Task<byte[]> ReadAsync(string name, int most, CancellationToken cancellationToken)
    {
        var size = await ReadHeaderAsync(name, cancellationToken);
        if (size is < 1 || size > most)
        {
            throw PackageRefusal.Invalid(name, $"{name} has {size} bytes; 1 to {most} are taken.");
        }

        var bytes = new byte[size];
        await FillAsync(bytes, name, cancellationToken);
        await SkipPaddingAsync(size, name, cancellationToken);
        return bytes;
    }

    /// <summary>
    /// The content of the next entry. Its last read ends in a refusal where the content is not what the manifest says, so that
    /// whoever stores it while reading keeps nothing else. Read it to the end before anything else is read.
    /// </summary>
    /// <exception cref="FleetRefusedException">The next entry is another one, or the package ends.</exception>
    public async Task<Stream> OpenAsync(PackageFile file, CancellationToken cancellationToken)
    {
        var size = await ReadHeaderAsync(file.EntryName, cancellationToken);
        return size == file.Size
            ? new PackageEntry(this, file)
            : throw PackageRefusal.Invalid(file.EntryName, $"{file.EntryName} has {size} bytes; the manifest says {file.Size}.");
    }

    /// <summary>Makes sure that nothing follows.</summary>
    /// <exception cref="FleetRefusedException">Something does, or the end of a tar file is missing.</exception>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[DrainBytes];
        long rest = 0;
        int read;
        while ((read = await ReadSomeAsync(buffer, cancellationToken)) > 0)
        {
            rest += read;
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                throw PackageRefusal.Invalid(null, "The package has more in it than its manifest lists.");
            }
        }

        if (rest < 2 * BlockBytes || rest % BlockBytes != 0)
        {
            throw PackageRefusal.Invalid(null, "The package does not end as a tar file does: it was cut off.");
        }
    }

    /// <summary>Reads up to so many bytes of an entry.</summary>
    internal async ValueTask<int> ReadContentAsync(Memory<byte> buffer, string name, CancellationToken cancellationToken) =>
        await ReadSomeAsync(buffer, cancellationToken) is > 0 and var read ? read : throw CutOff(name);

    /// <summary>Reads what fills the last block of an entry.</summary>
    internal async ValueTask SkipPaddingAsync(long size, string name, CancellationToken cancellationToken)
    {
        var padding = _block.AsMemory(0, (int)((BlockBytes - (size % BlockBytes)) % BlockBytes));
        await FillAsync(padding, name, cancellationToken);
        if (padding.Span.ContainsAnyExcept((byte)0))
        {
            throw PackageRefusal.Invalid(name, $"The package has something behind {name} that does not belong there.");
        }
    }

    /// <returns>The entry's size in bytes.</returns>
    private async Task<long> ReadHeaderAsync(string name, CancellationToken cancellationToken)
    {
        await FillAsync(_block, name, cancellationToken);
        if (!_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            throw PackageRefusal.Invalid(name, $"{name} is missing in the package.");
        }

        if ((TarEntryType)_block[TypeOffset] is var type && type is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
        {
            throw PackageRefusal.Invalid(name, $"Where {name} belongs the package has {Describe(type)}. It has plain files alone.");
        }

        var (found, size) = await DecodeAsync(name, cancellationToken);
        return found == name
            ? size
            : throw PackageRefusal.Invalid(name, $"Where {name} belongs the package has '{PackageRefusal.Shown(found)}'.");
    }

    private async Task<(string Name, long Size)> DecodeAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var reader = new TarReader(new LimitedStream(new MemoryStream(_block), BlockBytes));
            if (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry && HasItsChecksum())
            {
                return (entry.Name, entry.Length);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or FormatException or ArgumentException
            or OverflowException or InvalidOperationException or NotSupportedException)
        {
            // Whatever the library finds wrong with a header, the answer is the same.
        }

        throw PackageRefusal.Invalid(name, $"Where {name} belongs the package has no header of a tar file: this is none, or it is damaged.");
    }

    // The library reads the checksum and does not compare it. Its own bytes count as spaces; compared as every tar writes them,
    // so that no byte of a header can be another unseen.
    private bool HasItsChecksum()
    {
        var stored = _block.AsSpan(ChecksumOffset, ChecksumBytes);
        var sum = ChecksumBytes * ' ';
        for (var i = 0; i < _block.Length; i++)
        {
            sum += i is >= ChecksumOffset and < ChecksumOffset + ChecksumBytes ? 0 : _block[i];
        }

        return stored.SequenceEqual(Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 "));
    }

    private async Task FillAsync(Memory<byte> buffer, string name, CancellationToken cancellationToken)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            filled += await ReadContentAsync(buffer[filled..], name, cancellationToken);
        }
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw CutOff(null);
        }
    }

    private static FleetRefusedException CutOff(string? name) =>
        PackageRefusal.Invalid(name, $"The package ends before {name ?? "its end"}: it was cut off. Send it again.");

    private static string Describe(TarEntryType type) => type switch
    {
        TarEntryType.Directory or TarEntryType.DirectoryList => "a directory",
        TarEntryType.SymbolicLink or TarEntryType.HardLink => "a link",
        TarEntryType.BlockDevice or TarEntryType.CharacterDevice or TarEntryType.Fifo => "a device",
        TarEntryType.SparseFile => "a sparse file",
        TarEntryType.ExtendedAttributes or TarEntryType.GlobalExtendedAttributes or TarEntryType.LongLink or TarEntryType.LongPath => "an extended header",
        _ => "something that is no file",
    };
}
