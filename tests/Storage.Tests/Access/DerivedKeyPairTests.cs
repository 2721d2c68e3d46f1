using System.Security.Cryptography;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Storage.Tests.Access;

/// <summary>Key pairs that follow from the master key.</summary>
public sealed class DerivedKeyPairTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void Key_pair_is_the_same_on_every_host_and_another_for_another_use_or_master_key()
    {
        using var here = DerivedKeyPair.Create(Key, "fleet.one.v1"u8);
        using var there = DerivedKeyPair.Create([.. Key], "fleet.one.v1"u8);
        using var other = DerivedKeyPair.Create(Key, "fleet.two.v1"u8);
        using var foreign = DerivedKeyPair.Create([.. Key.Reverse()], "fleet.one.v1"u8);

        Assert.Equal(here.ExportSubjectPublicKeyInfo(), there.ExportSubjectPublicKeyInfo());
        Assert.NotEqual(here.ExportSubjectPublicKeyInfo(), other.ExportSubjectPublicKeyInfo());
        Assert.NotEqual(here.ExportSubjectPublicKeyInfo(), foreign.ExportSubjectPublicKeyInfo());
        Assert.True(there.VerifyData(Key, here.SignData(Key, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
    }
}
