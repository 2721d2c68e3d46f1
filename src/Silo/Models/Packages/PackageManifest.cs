using System.Text.Json.Nodes;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>What a package is and what is in it: <c>manifest.json</c>. Its exact bytes are signed.</summary>
internal sealed record PackageManifest
{
    /// <summary>What <see cref="Format"/> says.</summary>
    public const string FormatName = "orleans-ai-fleet.model-package";

    /// <summary>The version of the format that is written and read here.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Name of the manifest in the package.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Largest manifest in bytes; the longest label lists have some ten thousand names.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>Most files of a version: one of each role that has a column, and as many attached ones as a version can have.</summary>
    public const int MostFiles = 64;

    public required string Format { get; init; }

    public required int FormatVersion { get; init; }

    public required DateTimeOffset ExportedAt { get; init; }

    /// <summary>Sign-in name of who exported it, for people.</summary>
    public required string ExportedBy { get; init; }

    /// <summary>Fingerprint of the key that signs.</summary>
    public required string KeyId { get; init; }

    /// <summary>What it was there, for people: nothing is made of it.</summary>
    public required PackageOrigin ExportedFrom { get; init; }

    /// <summary>The columns of <see cref="PackageColumns"/>; those without a value are left out.</summary>
    public required JsonObject Model { get; init; }

    /// <summary>The version's files.</summary>
    public required PackageFile[] Files { get; init; }

    /// <summary>What follows in the package: each content once, where its first file stands.</summary>
    public IEnumerable<PackageFile> Contents() => Files.DistinctBy(file => file.Sha256);
}

/// <summary>The version as the exporting fleet had it.</summary>
/// <param name="ModelId">Its id there.</param>
/// <param name="ConfigurationRevision">Which of its configurations.</param>
internal sealed record PackageOrigin(Guid ModelId, int ConfigurationRevision);

/// <summary>One file of the version.</summary>
internal sealed record PackageFile
{
    public required PackageFileRole Role { get; init; }

    /// <summary>No path.</summary>
    public required string Name { get; init; }

    /// <summary>Media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Of the content, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where its content stands in the package.</summary>
    public string EntryName => $"files/{Sha256}";
}

/// <summary>What a file of a package is for. Written by name: never rename.</summary>
internal enum PackageFileRole
{
    /// <summary>The model itself, as ONNX: every package has one.</summary>
    Model = 0,

    /// <summary>What the version has as its weights.</summary>
    Weights = 1,

    /// <summary>What it has as its configuration file.</summary>
    Config = 2,

    /// <summary>What it has as its label file.</summary>
    Labels = 3,

    /// <summary>Documentation by its author.</summary>
    Documentation = 4,

    /// <summary>A picture with what the model found on it in the exporting fleet.</summary>
    Evidence = 5,
}
