using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Clips and pictures made by ffmpeg for the tests, once per run, in a folder that goes with the run.</summary>
internal static class Clips
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("fleet-clips-").FullName;
    private static readonly ConcurrentDictionary<string, Lazy<string>> Made = new();

    static Clips() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    /// <summary>A test pattern as H.264: so many seconds at so many frames a second.</summary>
    public static string Moving(int seconds = 2, int fps = 10, int width = 320, int height = 180) => Make(
        $"moving-{seconds}-{fps}-{width}x{height}.mp4",
        $"-f lavfi -i testsrc2=s={width}x{height}:r={fps} -t {seconds} -c:v libx264 -preset ultrafast -g {fps} -pix_fmt yuv420p");

    /// <summary>The moving clip of three seconds without its last third of bytes; its index stands in front.</summary>
    public static string Truncated() => Made.GetOrAdd("truncated.mp4", name => new(() =>
    {
        var whole = Make("whole.mp4", "-f lavfi -i testsrc2=s=320x180:r=10 -t 3 -c:v libx264 -g 10 -pix_fmt yuv420p -movflags +faststart");
        var bytes = File.ReadAllBytes(whole);
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]);
        return path;
    })).Value;

    /// <summary>One picture of one color.</summary>
    public static string Picture(string name, string color, int width = 320, int height = 180) =>
        Make(name, $"-f lavfi -i color={color}:s={width}x{height} -frames:v 1");

    /// <summary>An empty folder of its own.</summary>
    public static string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName;

    private static string Make(string name, string arguments) => Made.GetOrAdd(name, _ => new(() =>
    {
        var path = Path.Combine(Folder, name);
        using var process = Process.Start("ffmpeg", $"-nostdin -v error -y {arguments} {path}");
        process.WaitForExit();
        return process.ExitCode == 0 ? path : throw new InvalidOperationException($"ffmpeg could not make {name}.");
    })).Value;
}
