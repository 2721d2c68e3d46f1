using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Storage.Tests.Access;

public sealed class DeploymentKeySecretTests
{
    [Fact]
    public void Key_is_told_apart_from_keys_of_people_and_its_stored_form_does_not_give_it_away()
    {
        var key = DeploymentKeySecret.Create();
        var stored = DeploymentKeySecret.ToStored(key);

        Assert.True(DeploymentKeySecret.HasForm(key));
        Assert.False(ApiKeySecret.HasForm(key));
        Assert.False(DeploymentKeySecret.HasForm(ApiKeySecret.Create()));
        Assert.NotEqual(key, DeploymentKeySecret.Create());
        Assert.DoesNotContain(key[20..], stored, StringComparison.Ordinal);
        Assert.Equal(key[..16], DeploymentKeySecret.PrefixOf(stored));
        Assert.InRange(stored.Length, 1, 255);
    }

    [Fact]
    public void Stored_form_matches_its_key_alone()
    {
        var (key, other) = (DeploymentKeySecret.Create(), DeploymentKeySecret.Create());
        var stored = DeploymentKeySecret.ToStored(key);

        Assert.True(DeploymentKeySecret.Matches(stored, ApiKeySecret.Hash(key)));
        Assert.False(DeploymentKeySecret.Matches(stored, ApiKeySecret.Hash(other)));
        Assert.False(DeploymentKeySecret.Matches(stored, []));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("something somebody wrote there")]
    [InlineData("fleet_dep_abcdef:")]
    [InlineData("fleet_dep_abcdef:00")]
    [InlineData("fleet_dep_abcdef:zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fleet_dep_abcdef:0000000000000000000000000000000000000000000000000000000000000000000000")]
    public void What_was_not_made_of_a_key_matches_none(string? stored) =>
        Assert.False(DeploymentKeySecret.Matches(stored, new byte[32]));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("fleet_dep_")]
    [InlineData("fleet_dep_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    public void What_has_not_the_form_is_no_key(string? text) => Assert.False(DeploymentKeySecret.HasForm(text));
}
