namespace OrleansAiFleet.System.Tests.Access;

/// <summary>The search itself finds what it is to find.</summary>
public sealed class PlantedSecretsFindTests
{
    [Theory]
    [InlineData("it was pl4nted p@ss", true)]
    [InlineData("?x=pl4nted%20p%40ss&", true)]
    [InlineData("\\x706c346e7465642070407373", true)]
    [InlineData("Basic cGw0bnRlZCBwQHNz", true)]
    [InlineData("Basic dTpwbDRudGVkIHBAc3M=", true)]
    [InlineData("Basic dXNlOnBsNG50ZWQgcEBzcw==", true)]
    [InlineData("it was another pass", false)]
    public void Secret_is_found_however_it_is_written(string text, bool found)
    {
        var planted = new PlantedSecrets();
        planted.Plant("it", "pl4nted p@ss");

        Assert.Equal(found ? ["it"] : [], planted.FindIn(text));
    }
}
