using System.Security.Cryptography;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>What the store of model files keeps to, wherever the contents lie.</summary>
public abstract class ModelFileStoreCompliance(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private const int Chunk = StoredFiles.Chunk;

    protected FleetDatabase Database { get; } = database;

    /// <summary>The store under test.</summary>
    private protected abstract StoredFiles Files { get; }

    /// <summary>How many contents lie in the place under test.</summary>
    private protected abstract Task<long> CountContentsAsync();

    /// <summary>All bytes that are stored of a file, as they lie there.</summary>
    private protected abstract Task<byte[]> ReadStoredAsync(StoredFile file);

    /// <summary>Changes the bytes that are stored of a file.</summary>
    private protected abstract Task ChangeStoredAsync(StoredFile file, Func<byte[], byte[]> change);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData((2 * Chunk) + 12345)]
    [InlineData((19 * Chunk) + 1)]
    public async Task File_comes_back_byte_by_byte(int size)
    {
        var content = StoredFiles.Content(size);

        var stored = await Files.SaveAsync(content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), stored.Sha256);
        Assert.Equal($"sha256/{stored.Sha256}", stored.Path);
        Assert.Equal(size, stored.Size);
        var read = await Files.ReadAsync(stored.Path);
        Assert.True(content.AsSpan().SequenceEqual(read), "The content is another.");
    }

    [Fact]
    public async Task Same_content_is_stored_once_even_when_it_comes_five_times_at_once()
    {
        var content = StoredFiles.Content((2 * Chunk) + 7);
        var before = await CountContentsAsync();

        var stored = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Files.SaveAsync(content)));

        Assert.Single(stored.Select(file => file.Path).Distinct());
        Assert.Equal(before + 1, await CountContentsAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(20)]
    public async Task Upload_that_breaks_off_leaves_nothing(int chunks)
    {
        var before = await CountContentsAsync();

        await Assert.ThrowsAsync<IOException>(
            () => Files.Store.SaveAsync(new BrokenStream(StoredFiles.Content(chunks * Chunk)), CancellationToken.None));

        Assert.Equal(before, await CountContentsAsync());
    }

    [Fact]
    public async Task Upload_that_is_cancelled_leaves_nothing()
    {
        var before = await CountContentsAsync();
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Files.Store.SaveAsync(new CancellingStream(StoredFiles.Content(12 * Chunk), cancel), cancel.Token));

        Assert.Equal(before, await CountContentsAsync());
    }

    [Fact]
    public async Task Content_comes_in_small_reads_too()
    {
        var content = StoredFiles.Content(Chunk + 999);

        await using var trickle = new TricklingStream(content);
        var stored = await Files.Store.SaveAsync(trickle, CancellationToken.None);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), stored.Sha256);
    }

    [Theory]
    [InlineData("sha256/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256/short")]
    [InlineData("../etc/passwd")]
    public async Task Unknown_path_is_not_found(string path)
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => Files.Store.OpenReadAsync(path, CancellationToken.None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Files.Store.OpenEncryptedAsync(path, CancellationToken.None));
        Assert.False(await Files.Store.DeleteIfUnusedAsync(path, CancellationToken.None));
    }

    [Fact]
    public async Task No_sixteen_bytes_of_a_file_can_be_found_in_what_is_stored_of_it()
    {
        var content = StoredFiles.Content((2 * Chunk) + 77);
        var stored = await ReadStoredAsync(await Files.SaveAsync(content));

        var plain = new HashSet<UInt128>();
        for (var i = 0; i + 16 <= content.Length; i++)
        {
            plain.Add(BitConverter.ToUInt128(content, i));
        }

        Assert.Equal(content.Length + (3 * ChunkCipher.TagBytes), stored.Length);
        Assert.DoesNotContain(Enumerable.Range(0, stored.Length - 15), i => plain.Contains(BitConverter.ToUInt128(stored, i)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Chunk + 15, 1)]
    [InlineData(Chunk + 16, 2)]
    [InlineData((2 * Chunk) + 100, 3)]
    public async Task One_flipped_bit_is_found_and_its_chunk_named(int at, int chunk)
    {
        var stored = await Files.SaveAsync(StoredFiles.Content((2 * Chunk) + 500));
        await ChangeStoredAsync(stored, content =>
        {
            content[at] ^= 1;
            return content;
        });

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Files.ReadAsync(stored.Path));

        Assert.Contains(stored.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains($"chunk {chunk} of 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("Upload the same file again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_file_is_put_right_by_uploading_it_again()
    {
        var content = StoredFiles.Content(Chunk + 5);
        var stored = await Files.SaveAsync(content);
        await ChangeStoredAsync(stored, damaged => [.. damaged[..100], (byte)(damaged[100] ^ 0x10), .. damaged[101..]]);
        await Assert.ThrowsAsync<InvalidDataException>(() => Files.ReadAsync(stored.Path));

        var again = await Files.SaveAsync(content);

        Assert.Equal(stored, again);
        Assert.Equal(content, await Files.ReadAsync(stored.Path));
    }

    [Fact]
    public async Task File_in_use_stays_and_an_unused_one_goes_with_its_content()
    {
        var before = await CountContentsAsync();
        var used = await Files.SaveAsync(StoredFiles.Content(10));
        var unused = await Files.SaveAsync(StoredFiles.Content(20));
        await Database.StoreAsync(Rows.Model() with { LabelsFilePath = used.Path });

        Assert.False(await Files.Store.DeleteIfUnusedAsync(used.Path, CancellationToken.None));
        Assert.True(await Files.Store.DeleteIfUnusedAsync(unused.Path, CancellationToken.None));
        Assert.False(await Files.Store.DeleteIfUnusedAsync(unused.Path, CancellationToken.None));

        Assert.Equal(10, (await Files.ReadAsync(used.Path)).Length);
        await Assert.ThrowsAsync<FileNotFoundException>(() => Files.ReadAsync(unused.Path));
        Assert.Equal(before + 1, await CountContentsAsync());
    }

    [Fact]
    public async Task Reading_can_end_before_the_file_does()
    {
        var stored = await Files.SaveAsync(StoredFiles.Content(9 * Chunk));
        for (var i = 0; i < 50; i++)
        {
            await using var stream = await Files.Store.OpenReadAsync(stored.Path, CancellationToken.None);
            Assert.Equal(100, await stream.ReadAsync(new byte[100]));
        }
    }

    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 4099)], cancellationToken);
    }

    private sealed class BrokenStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("The connection broke.");
        }
    }

    private sealed class CancellingStream(byte[] content, CancellationTokenSource cancel) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Length / 2)
            {
                await cancel.CancelAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
            return await base.ReadAsync(buffer, CancellationToken.None);
        }
    }
}
