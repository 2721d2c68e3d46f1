using System.Security.Cryptography;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class ModelFileCacheTests : ModelFileCacheBench
{
    private const int Chunk = ChunkCipher.ChunkBytes;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk)]
    [InlineData((3 * Chunk) + 77)]
    public async Task Content_is_there_in_memory_and_on_disk_only_encrypted(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        var path = Store.Add(content);

        using var file = await GetAsync(path);

        Assert.StartsWith("/proc/self/fd/", file.File, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllBytesAsync(file.File));
        var kept = Assert.Single(Directory.GetFiles(Folder));
        Assert.Equal(NameOf(path) + ".model", Path.GetFileName(kept));
        var bytes = await File.ReadAllBytesAsync(kept);
        Assert.True(size < 16 || bytes.AsSpan().IndexOf(content.AsSpan(0, 16)) < 0, "Plain content is on the disk.");
        Assert.True(size < 16 || bytes.AsSpan().IndexOf(content.AsSpan(size - 16)) < 0, "Plain content is on the disk.");
    }

    [Fact]
    public async Task Content_in_memory_cannot_be_changed_and_is_gone_when_it_is_forgotten()
    {
        using var file = await GetAsync(Store.Add(100, 1));

        await Assert.ThrowsAnyAsync<Exception>(() => File.AppendAllTextAsync(file.File, "x"));
        Assert.ThrowsAny<Exception>(() =>
        {
            using var write = new FileStream(file.File, FileMode.Open, FileAccess.Write);
            write.WriteByte(7);
            write.Flush();
        });
        using var stream = file.OpenRead();
        file.ForgetContent();

        Assert.Equal(100, stream.Length);
        Assert.Equal(1, stream.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => file.File);
        Assert.Throws<ObjectDisposedException>(file.OpenRead);
    }

    [Fact]
    public async Task Every_stream_begins_at_the_start()
    {
        using var file = await GetAsync(Store.Add([1, 2, 3]));
        using var one = file.OpenRead();
        using var other = file.OpenRead();

        Assert.Equal((1, 2, 1), (one.ReadByte(), one.ReadByte(), other.ReadByte()));
    }

    [Fact]
    public async Task File_is_fetched_once_also_over_a_restart()
    {
        var path = Store.Add(100, 1);

        (await GetAsync(path)).Dispose();
        (await GetAsync(path)).Dispose();
        Cache = Start();
        using var third = await GetAsync(path);

        Assert.Equal(1, third.OpenRead().ReadByte());
        Assert.Equal(1, Store.Fetches);
    }

    public static TheoryData<int, string> Damages => new()
    {
        { 0, "mark" }, { 8, "checksum" }, { 40, "size" }, { 50, "content id" }, { 70, "key id" }, { 90, "key" }, { 4096, "chunk" },
        { 4096 + Chunk + 20, "second chunk" }, { 4096 + (2 * (Chunk + 16)) + 5, "last chunk" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Damaged_file_is_fetched_again(int at, string what)
    {
        var content = RandomNumberGenerator.GetBytes((2 * Chunk) + 100);
        var path = Store.Add(content);
        (await GetAsync(path)).Dispose();
        var kept = Directory.GetFiles(Folder).Single();
        var bytes = await File.ReadAllBytesAsync(kept);
        await File.WriteAllBytesAsync(kept, [.. bytes[..at], (byte)(bytes[at] ^ 0x40), .. bytes[(at + 1)..]]);

        using var again = await GetAsync(path);

        Assert.True(Store.Fetches == 2, what);
        Assert.Equal(content, await File.ReadAllBytesAsync(again.File));
        Assert.Equal(bytes[4096..], (await File.ReadAllBytesAsync(kept))[4096..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(4096 + Chunk)]
    [InlineData(4096 + Chunk + 16)]
    public async Task File_that_was_cut_is_fetched_again(int length)
    {
        var path = Store.Add(Chunk + 100, 1);
        (await GetAsync(path)).Dispose();
        using (var kept = new FileStream(Directory.GetFiles(Folder).Single(), FileMode.Open))
        {
            kept.SetLength(length);
        }

        using var again = await GetAsync(path);

        Assert.Equal(2, Store.Fetches);
        Assert.Equal(Chunk + 100, again.OpenRead().Length);
    }

    [Fact]
    public async Task File_under_a_master_key_that_is_gone_is_fetched_again()
    {
        var path = Store.Add(100, 1);
        (await GetAsync(path)).Dispose();
        var other = new byte[KeyFile.KeyBytes];
        other[0] = 1;
        Store.Keys = new MasterKeyWrapper([new MasterKey(other)]);
        Store.Add(100, 1);

        using var again = await GetAsync(path);

        Assert.Equal(2, Store.Fetches);
    }

    [Fact]
    public async Task Unknown_master_key_is_named_with_the_setting_and_leaves_nothing_behind()
    {
        var path = Store.Add(100, 1);
        var other = new byte[KeyFile.KeyBytes];
        other[0] = 1;
        Store.Keys = new MasterKeyWrapper([new MasterKey(other)]);

        var error = await Assert.ThrowsAsync<FleetRefusedException>(() => Cache.GetAsync(path, CancellationToken.None));

        Assert.Contains(new MasterKey(new byte[KeyFile.KeyBytes]).Id, error.Message, StringComparison.Ordinal);
        Assert.Contains("Fleet:MasterKey:Earlier", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    public static TheoryData<string, Action<List<byte[]>>> Tamperings => new()
    {
        { "chunk 2 of 3 was changed", chunks => chunks[1][500] ^= 1 },
        { "chunk 1 of 3 was changed", chunks => (chunks[0], chunks[1]) = (chunks[1], chunks[0]) },
        { "chunk 3 of 3 is missing", chunks => chunks.RemoveAt(2) },
        { "chunk 2 of 3 was changed", chunks => chunks.RemoveAt(1) },
        { "a chunk 4 after the last", chunks => chunks.Add(chunks[2]) },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task What_was_tampered_with_in_the_store_is_refused_and_leaves_nothing_behind(string said, Action<List<byte[]>> tamper)
    {
        var path = Store.Add(RandomNumberGenerator.GetBytes((2 * Chunk) + 100));
        Store.Tamper(path, tamper);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Cache.GetAsync(path, CancellationToken.None));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Content_that_does_not_match_its_checksum_leaves_nothing_behind()
    {
        var path = "sha256/" + new string('0', 64);
        Store.Put(path, [1, 2, 3]);

        await Assert.ThrowsAsync<InvalidDataException>(() => Cache.GetAsync(path, CancellationToken.None));

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task What_is_taken_before_its_checksum_is_known_says_that_it_is_wrong_and_is_not_kept()
    {
        var path = "sha256/" + new string('0', 64);
        Store.Put(path, [1, 2, 3]);

        using var file = await Cache.GetUncheckedAsync(path, CancellationToken.None);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => file.Checked);
        await Cache.StopAsync(CancellationToken.None);

        Assert.Contains("checksum is wrong", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    // Key and chunks are the other's own: nothing but the checksum of the whole tells.
    [Fact]
    public async Task Kept_file_of_another_content_under_its_name_is_fetched_again()
    {
        var (path, other) = (Store.Add(100, 1), Store.Add(100, 2));
        (await GetAsync(other)).Dispose();
        var kept = await File.ReadAllBytesAsync(Path.Combine(Folder, NameOf(other) + ".model"));
        await File.WriteAllBytesAsync(
            Path.Combine(Folder, NameOf(path) + ".model"), [.. kept[..8], .. Convert.FromHexString(NameOf(path)), .. kept[40..]]);

        using var file = await Cache.GetUncheckedAsync(path, CancellationToken.None);
        await file.Checked;

        Assert.Equal(1, file.OpenRead().ReadByte());
        Assert.Equal(2, Store.Fetches);
    }

    [Fact]
    public async Task Missing_file_is_said_and_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(
            () => Cache.GetAsync("sha256/" + new string('a', 64), CancellationToken.None));

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("sha256/../../../../../../../../../etc/passwd")]
    [InlineData("sha256/")]
    [InlineData("md5/d41d8cd98f00b204e9800998ecf8427e")]
    public async Task Path_that_is_no_key_never_reaches_the_disk(string path) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Cache.GetAsync(path, CancellationToken.None));

    [Fact]
    public async Task File_that_is_forgotten_at_once_is_kept()
    {
        var content = RandomNumberGenerator.GetBytes((5 * Chunk) + 1);
        var path = Store.Add(content);

        (await Cache.GetAsync(path, CancellationToken.None)).Dispose();
        using var again = await GetAsync(path);

        Assert.Equal(content, await File.ReadAllBytesAsync(again.File));
        Assert.Equal(1, Store.Fetches);
    }
}
