namespace OrleansAiFleet.Architecture.Tests;

/// <summary>Folders carry the customer's nouns, the same in every project.</summary>
public sealed class FolderTests
{
    private static readonly string[] Nouns =
    [
        "Models", "Deployments", "Rollouts", "Cameras", "Inference", "Detections", "Metrics", "Training", "Evaluations",
        "Sites", "Fleet", "Alerts", "Access", "Audit", "ZoneMinder", "Roboflow",
    ];

    // What a technique and not the customer asks for, each where it is and nowhere else.
    private static readonly Dictionary<string, string[]> Technical = new()
    {
        ["Storage"] = ["Migrations"],
        ["WebAdmin"] = ["Layout", "Pages", "Properties", "wwwroot"],
        ["Silo"] = ["Properties"],
        ["Hosting"] = ["Health", "Telemetry"],
        ["GpuWorker"] = ["Properties"],
    };

    [Fact]
    public void Every_folder_is_one_of_the_nouns()
    {
        var strangers = ProjectFile.Sources.SelectMany(project => Directory.GetDirectories(project.Folder)
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => folder is not ("bin" or "obj"))
            .Where(folder => !Nouns.Contains(folder) && !Technical.GetValueOrDefault(project.Name, []).Contains(folder))
            .Select(folder => $"src/{project.Name}/{folder}"));

        Assert.Empty(strangers);
    }

    [Fact]
    public void Every_test_folder_mirrors_a_source_folder()
    {
        var root = Path.Combine(Testing.RealData.RepositoryRoot, "tests");
        var strangers = ProjectFile.Sources
            .Select(project => Path.Combine(root, $"{project.Name}.Tests"))
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Where(folder => Path.GetFileName(folder) is var name && name is not ("bin" or "obj")
                && !Nouns.Contains(name) && name != "Hosting" && !Technical.Values.Any(names => names.Contains(name)));

        Assert.Empty(strangers);
    }
}
