using System.Xml.Linq;

using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Architecture.Tests;

/// <summary>A project of the solution, read from its file.</summary>
internal sealed record ProjectFile(string Name, string Folder, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    /// <summary>The projects below <c>src/</c>.</summary>
    public static IReadOnlyList<ProjectFile> Sources { get; } =
        [.. Directory.GetFiles(Path.Combine(RealData.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories).Order().Select(Read)];

    private static ProjectFile Read(string path)
    {
        var project = XDocument.Load(path);
        return new(
            Path.GetFileNameWithoutExtension(path),
            Path.GetDirectoryName(path)!,
            [.. Includes("ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include))],
            [.. Includes("PackageReference")]);

        IEnumerable<string> Includes(string element) =>
            project.Descendants(element).Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));
    }
}
