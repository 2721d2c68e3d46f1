using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>Master keys that only these tests have ever known.</summary>
internal static class TestKeys
{
    public static MasterKey Current { get; } = Of(1);

    public static MasterKey Of(byte content)
    {
        var key = new byte[KeyFile.KeyBytes];
        Array.Fill(key, content);
        return new(key);
    }
}
