using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>What a destination of the kind file must look like. Pure.</summary>
internal static class FilePolicy
{
    private const int LongestDirectory = 200;
    private const int DeepestDirectory = 8;
    private const long SmallestFile = 4096;
    private const long LargestFile = 1L << 40;

    /// <exception cref="FleetRefusedException">A member cannot be taken.</exception>
    public static FileDestination Take(JsonMembers members, string name, DestinationRules rules)
    {
        if (!rules.HasFileRoot)
        {
            throw members.Refuse(
                "kind", $"is file, and no folder is given for files: the fleet's owner would have to set {DestinationOptions.Section}:FileRoot.");
        }

        var file = new FileDestination { Name = name, Directory = Folder(members) };
        file = file with
        {
            RollBytes = members.Whole("roll_bytes", file.RollBytes, SmallestFile, LargestFile),
            MaxBytes = members.Whole("max_bytes", file.MaxBytes, SmallestFile, LargestFile),
        };
        return file.RollBytes * 2 <= file.MaxBytes
            ? file
            : throw members.Refuse("max_bytes", "must be at least twice roll_bytes: the file that is full goes only as a whole.");
    }

    private static string Folder(JsonMembers members)
    {
        var folder = members.Text("directory", LongestDirectory);
        var parts = folder.Split('/');
        return parts.Length <= DeepestDirectory && parts.All(IsName)
            ? folder
            : throw members.Refuse("directory", "must be names of letters, digits, dashes and underscores with slashes between them, as site-north/helmets.");
    }

    // No dots: neither a folder above nor a hidden one.
    private static bool IsName(string part) => part.Length > 0 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
