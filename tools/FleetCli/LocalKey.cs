using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansAiFleet.FleetCli;

/// <summary>The key of whoever runs this fleet. The control silo takes it from the same file, which only the owner reads.</summary>
internal static class LocalKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the key where there is none.</summary>
    public static void Ensure(FleetSettings settings)
    {
        if (Find(settings) is not null)
        {
            return;
        }

        Directory.CreateDirectory(settings.Home);
        var draft = settings.KeyFile + ".new";
        using (var file = new StreamWriter(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.WriteLine("fleet_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        }

        File.Move(draft, settings.KeyFile, overwrite: true);
    }

    /// <summary>The key, or null where there is none yet.</summary>
    public static string? Find(FleetSettings settings) =>
        File.Exists(settings.KeyFile) && File.ReadAllText(settings.KeyFile).Trim() is { Length: > 0 } key ? key : null;
}
