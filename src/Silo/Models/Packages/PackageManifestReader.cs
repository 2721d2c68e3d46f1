using System.Net.Http.Headers;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Reads a manifest whose signature is good: whoever signed it may be mistaken or worse. Pure.</summary>
internal static class PackageManifestReader
{
    private const int MostNameLength = 200;
    private const int MostTypeLength = 100;

    /// <exception cref="FleetRefusedException">It is no manifest, of another version, or one that cannot be carried out.</exception>
    public static PackageManifest Read(byte[] bytes, PackageSignature signature, long mostFileBytes)
    {
        CheckVersion(PackageJson.Read<JsonObject>(PackageManifest.FileName, bytes));
        var manifest = PackageJson.Read<PackageManifest>(PackageManifest.FileName, bytes);
        if (manifest.KeyId != signature.KeyId)
        {
            throw Refuse("The manifest names another key than the one that signed it.");
        }

        CheckFiles(manifest, mostFileBytes);
        return manifest;
    }

    // First, and by itself: of another version nothing else can be said.
    private static void CheckVersion(JsonObject manifest)
    {
        if (manifest["format"] is not JsonValue format || !format.TryGetValue<string>(out var name) || name != PackageManifest.FormatName)
        {
            throw Refuse($"The manifest's format is not {PackageManifest.FormatName}.");
        }

        if (manifest["format_version"] is not JsonValue number || !number.TryGetValue<int>(out var version))
        {
            throw Refuse("The manifest does not say the version of its format.");
        }

        if (version != PackageManifest.CurrentVersion)
        {
            throw Refuse(
                $"The package is of format version {version}; this fleet reads {PackageManifest.CurrentVersion}. Export it from a fleet that writes that.");
        }
    }

    private static void CheckFiles(PackageManifest manifest, long mostFileBytes)
    {
        var files = manifest.Files;
        if (files.Length > PackageManifest.MostFiles)
        {
            throw Refuse($"The manifest lists {files.Length} files; a version has at most {PackageManifest.MostFiles}.");
        }

        foreach (var file in files)
        {
            CheckFile(file ?? throw Refuse("The manifest lists a file that is null."), mostFileBytes);
        }

        if (files.Count(file => file.Role is PackageFileRole.Model) != 1)
        {
            throw Refuse("The manifest must list one file of role model.");
        }

        if (files.Where(file => file.Role is PackageFileRole.Weights or PackageFileRole.Config or PackageFileRole.Labels)
            .GroupBy(file => file.Role).FirstOrDefault(role => role.Count() > 1) is { } role)
        {
            throw Refuse($"The manifest lists {role.Count()} files of role {role.Key}; a version has one.");
        }

        if (files.GroupBy(file => (file.Role, file.Name)).FirstOrDefault(name => name.Count() > 1) is { } twice)
        {
            throw Refuse($"The manifest lists '{PackageRefusal.Shown(twice.Key.Name)}' twice.");
        }

        if (files.GroupBy(file => file.Sha256).FirstOrDefault(content => content.DistinctBy(file => file.Size).Count() > 1) is { } content)
        {
            throw Refuse($"The manifest gives the content {content.Key} two sizes.");
        }
    }

    private static void CheckFile(PackageFile file, long mostFileBytes)
    {
        var name = PackageRefusal.Shown(file.Name);
        if (!Enum.IsDefined(file.Role))
        {
            throw Refuse($"'{name}' has no role that there is.");
        }

        if (string.IsNullOrWhiteSpace(file.Name) || file.Name.Length > MostNameLength || file.Name is "." or ".."
            || file.Name.AsSpan().IndexOfAny('/', '\\') >= 0 || file.Name.Any(char.IsControl))
        {
            throw Refuse($"'{name}' cannot be the name of a file: 1 to {MostNameLength} characters, no path, no control characters.");
        }

        if (file.ContentType.Length > MostTypeLength || !MediaTypeHeaderValue.TryParse(file.ContentType, out _))
        {
            throw Refuse($"'{name}' has the content type '{PackageRefusal.Shown(file.ContentType)}', which is none.");
        }

        if (file.Sha256.Length != 64 || !file.Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw Refuse($"'{name}' has no SHA-256 of 64 lower-case hexadecimal digits.");
        }

        if (file.Size < (file.Role is PackageFileRole.Model ? 1 : 0) || file.Size > mostFileBytes)
        {
            throw Refuse($"'{name}' has {file.Size} bytes; this fleet takes files of up to {mostFileBytes}, and no empty model.");
        }
    }

    private static FleetRefusedException Refuse(string message) => PackageRefusal.Invalid(PackageManifest.FileName, message);
}
