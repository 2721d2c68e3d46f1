using System.Security.Cryptography;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>The key that protects all others: <c>Fleet:MasterKey</c>. The same on all hosts of a fleet.</summary>
public sealed class MasterKeyOptions
{
    public const string Section = "Fleet:MasterKey";

    /// <summary>The key itself, base64 of at least 32 bytes. Default: none, the file counts.</summary>
    public string? Value { get; set; }

    /// <summary>
    /// File with the key in base64; made where it is missing, for its owner alone. Default: <c>orleans-ai-fleet/master.key</c>
    /// in the user's folder for program data.
    /// </summary>
    public string? File { get; set; }

    /// <summary>Keys of before, base64: what they protect can still be read.</summary>
    public string[] Earlier { get; set; } = [];

    /// <summary>The key in use, then those of before.</summary>
    /// <exception cref="InvalidOperationException">One of them is no key; says which setting to mend.</exception>
    internal IReadOnlyList<MasterKey> Read() => [.. ReadBytes().Select(key => new MasterKey(key))];

    /// <summary>Certificate authorities by these keys, in their order; the caller disposes of them.</summary>
    /// <exception cref="InvalidOperationException">One of them is no key; says which setting to mend.</exception>
    internal IReadOnlyList<FleetAuthority> ReadAuthorities() => [.. ReadBytes().Select(key => new FleetAuthority(key))];

    /// <summary>Key pairs for one use by these keys, in their order; the caller disposes of them.</summary>
    /// <param name="label">See <see cref="DerivedKeyPair.Create"/>.</param>
    /// <exception cref="InvalidOperationException">One of them is no key; says which setting to mend.</exception>
    public IReadOnlyList<ECDsa> ReadKeyPairs(ReadOnlySpan<byte> label)
    {
        var pairs = new List<ECDsa>();
        foreach (var key in ReadBytes())
        {
            pairs.Add(DerivedKeyPair.Create(key, label));
        }

        return pairs;
    }

    private IEnumerable<byte[]> ReadBytes() =>
    [
        Value is { Length: > 0 } value
            ? KeyFile.Parse(value, $"{Section}:{nameof(Value)}")
            : KeyFile.ReadOrCreate(
                File is { Length: > 0 } file ? file : KeyFile.Default("master.key", $"{Section}:{nameof(File)}"), $"{Section}:{nameof(File)}"),
        .. Earlier.Select((key, i) => KeyFile.Parse(key, $"{Section}:{nameof(Earlier)}:{i}")),
    ];
}
