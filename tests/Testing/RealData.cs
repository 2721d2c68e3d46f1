using Xunit;

namespace OrleansAiFleet.Testing;

/// <summary>
/// Real models, clips and pictures that are not part of the project: the folder that <c>FLEET_TESTDATA</c> names, or
/// <c>../shared/testdata</c> beside the checkout.
/// </summary>
public static class RealData
{
    /// <summary>Root of the checkout: where <c>OrleansAiFleet.sln</c> lies.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>A file in the folder.</summary>
    /// <exception cref="InvalidOperationException">There is no folder; mark the test <see cref="RealDataFactAttribute"/>.</exception>
    public static string PathOf(string relative) =>
        Path.Combine(Folder ?? throw new InvalidOperationException("No folder of real test data."), relative);

    private static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("FLEET_TESTDATA")
            ?? Path.Combine(RepositoryRoot, "..", "shared", "testdata");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "OrleansAiFleet.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests do not run inside a checkout of the project.");
    }
}

/// <summary>A test on real data: runs where the data is, says that it skips where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute()
    {
        if (RealData.Folder is null)
        {
            Skip = "No real test data here: set FLEET_TESTDATA to its folder.";
        }
    }
}
