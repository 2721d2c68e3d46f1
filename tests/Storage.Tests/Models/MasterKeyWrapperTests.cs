using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>The wrapping of keys, and its form: the known answers were made by another implementation out of docs/model-files.md.</summary>
public sealed class MasterKeyWrapperTests
{
    private const string KnownId = "353524e8c22a2432";

    private const string KnownWrapped =
        "000102030405060708090a0bb60f4974b834d2540a36904b90d626eaafb2"
        + "a2adf24ebac13cb54f0742d9c75bf92157af147459bcee7bbd12d3b1b689";

    private const string KnownChunk = "06a6cea4ac9adab4a3d0e8ad60e5977d82523a";

    private static readonly Guid Content = new("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly byte[] Context = Content.ToByteArray(bigEndian: true);
    private static readonly byte[] DataKey = [.. Enumerable.Range(0, ChunkCipher.KeyBytes).Select(i => (byte)i)];

    private readonly MasterKeyWrapper _keys = new([TestKeys.Of(1)]);

    [Fact]
    public async Task What_was_wrapped_elsewhere_by_the_same_rules_opens_here()
    {
        Assert.Equal(KnownId, await _keys.GetCurrentKeyIdAsync(CancellationToken.None));
        Assert.Equal(DataKey, await _keys.UnwrapAsync(new(KnownId, Convert.FromHexString(KnownWrapped)), Context, CancellationToken.None));
    }

    [Fact]
    public void Chunk_that_was_encrypted_elsewhere_by_the_same_rules_opens_here()
    {
        using var cipher = new ChunkCipher(DataKey, Content);
        var plain = new byte[3];

        Assert.True(cipher.TryDecrypt(258, isLast: true, Convert.FromHexString(KnownChunk), plain));
        Assert.Equal("abc"u8.ToArray(), plain);
    }

    [Fact]
    public void Keys_of_one_master_key_are_different_ones()
    {
        var master = TestKeys.Of(1);

        Assert.NotEqual(master.KeyRing, master.ModelFiles);
        Assert.NotEqual(TestKeys.Of(2).Id, master.Id);
        Assert.NotEqual(TestKeys.Of(2).ModelFiles, master.ModelFiles);
    }

    [Fact]
    public async Task Same_key_is_wrapped_differently_each_time()
    {
        var one = await _keys.WrapAsync(DataKey, Context, CancellationToken.None);
        var other = await _keys.WrapAsync(DataKey, Context, CancellationToken.None);

        Assert.NotEqual(one.Content, other.Content);
        Assert.Equal(-1, one.Content.AsSpan().IndexOf(DataKey.AsSpan(0, 8)));
        Assert.Equal(DataKey, await _keys.UnwrapAsync(other, Context, CancellationToken.None));
    }

    [Fact]
    public async Task Wrapped_key_that_was_changed_or_is_for_something_else_is_refused()
    {
        var wrapped = await _keys.WrapAsync(DataKey, Context, CancellationToken.None);
        for (var i = 0; i < wrapped.Content.Length; i++)
        {
            var content = wrapped.Content.ToArray();
            content[i] ^= 1;
            await Assert.ThrowsAsync<InvalidDataException>(() => _keys.UnwrapAsync(wrapped with { Content = content }, Context, CancellationToken.None));
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => _keys.UnwrapAsync(wrapped, new byte[16], CancellationToken.None));
        await Assert.ThrowsAsync<InvalidDataException>(() => _keys.UnwrapAsync(wrapped with { Content = [] }, Context, CancellationToken.None));
    }

    [Fact]
    public async Task Key_of_before_unwraps_and_an_unknown_one_is_named()
    {
        var wrapped = await _keys.WrapAsync(DataKey, Context, CancellationToken.None);
        var later = new MasterKeyWrapper([TestKeys.Of(2), TestKeys.Of(1)]);
        var without = new MasterKeyWrapper([TestKeys.Of(2)]);

        Assert.Equal(DataKey, await later.UnwrapAsync(wrapped, Context, CancellationToken.None));
        Assert.Equal(TestKeys.Of(2).Id, (await later.WrapAsync(DataKey, Context, CancellationToken.None)).KeyId);
        var error = await Assert.ThrowsAsync<UnknownKeyException>(() => without.UnwrapAsync(wrapped, Context, CancellationToken.None));
        Assert.Contains(KnownId, error.Message, StringComparison.Ordinal);
        Assert.Contains("Fleet:MasterKey:Earlier", error.Message, StringComparison.Ordinal);
    }
}
