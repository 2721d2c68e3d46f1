using OrleansAiFleet.Cameras;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class CameraPathTests
{
    [Fact]
    public async Task Directory_is_played_in_the_order_of_its_names()
    {
        await using var bench = new StreamBench();
        var folder = Clips.NewFolder();
        File.Copy(Clips.Picture("black.png", "black"), Path.Combine(folder, "1 it's %03d.png"));
        File.Copy(Clips.Picture("white.png", "white"), Path.Combine(folder, "2.png"));
        File.Copy(Clips.Picture("gray.jpg", "gray"), Path.Combine(folder, "3.jpg"));
        File.Copy(Clips.Moving(seconds: 1, fps: 10), Path.Combine(folder, "4.mp4"));
        File.Copy(Clips.Picture("tall.jpg", "black", width: 180, height: 320), Path.Combine(folder, "5.jpg"));
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "no picture");
        var plan = StreamBench.Plan(folder);

        var stream = bench.Start(plan);
        await StreamBench.EndedAsync(stream);

        var frames = bench.Models.Frames.ToArray();
        Assert.Null(stream.GetStatus().Problem);
        Assert.Equal(14, frames.Length);
        Assert.InRange(frames[0].MeanLuma, 15, 17);
        Assert.InRange(frames[1].MeanLuma, 233, 236);
        Assert.InRange(frames[2].MeanLuma, 120, 132);
        Assert.Equal((180, 320), (frames[13].Width, frames[13].Height));
    }

    [Fact]
    public async Task Directory_is_looped()
    {
        await using var bench = new StreamBench();
        var folder = Clips.NewFolder();
        File.Copy(Clips.Picture("black.png", "black"), Path.Combine(folder, "1.png"));
        File.Copy(Clips.Moving(seconds: 1, fps: 10), Path.Combine(folder, "2.mp4"));

        var stream = bench.Start(StreamBench.Plan(folder, camera => camera with { Loop = true }));
        await Eventually.TrueAsync(() => stream.GetStatus().FramesInferred >= 24, stream.GetStatus);

        Assert.Equal(0, stream.GetStatus().ReconnectsLastHour);
    }

    // The pictures are further apart than the bench's shortest stall: silence between them is none.
    [Fact]
    public async Task Pictures_of_a_live_directory_keep_their_pace()
    {
        await using var bench = new StreamBench();
        var folder = Clips.NewFolder();
        for (var i = 0; i < 3; i++)
        {
            File.Copy(Clips.Picture("black.png", "black"), Path.Combine(folder, $"{i}.png"));
        }

        var start = TimeProvider.System.GetTimestamp();
        var stream = bench.Start(StreamBench.Plan(folder, camera => camera with { Pace = CameraPace.Live, SamplingFps = 0.7 }));
        await StreamBench.EndedAsync(stream);

        Assert.Null(stream.GetStatus().Problem);
        Assert.Equal(3, stream.GetStatus().FramesDecoded);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 2.5, 25);
    }

    [Fact]
    public async Task Missing_file_is_tried_again_and_found_when_it_comes()
    {
        await using var bench = new StreamBench();
        var path = Path.Combine(Clips.NewFolder(), "later.mp4");

        var stream = bench.Start(StreamBench.Plan(path));
        await Eventually.TrueAsync(() => stream.GetStatus().State == StreamState.Reconnecting, stream.GetStatus);
        Assert.Contains("no file or directory", stream.GetStatus().Problem, StringComparison.Ordinal);
        File.Copy(Clips.Moving(), path);
        await StreamBench.EndedAsync(stream);

        Assert.Equal(20, stream.GetStatus().FramesDecoded);
        Assert.Null(stream.GetStatus().Problem);
    }

    [Fact]
    public async Task Truncated_clip_gives_what_is_there_and_says_so()
    {
        await using var bench = new StreamBench();

        var stream = bench.Start(StreamBench.Plan(Clips.Truncated()));
        await StreamBench.EndedAsync(stream);

        Assert.InRange(stream.GetStatus().FramesDecoded, 5, 29);
        Assert.NotNull(stream.GetStatus().Problem);
    }

    [Fact]
    public async Task File_without_video_is_a_problem()
    {
        await using var bench = new StreamBench();
        var path = Path.Combine(Clips.NewFolder(), "text.mp4");
        await File.WriteAllTextAsync(path, "This is no clip.");

        var stream = bench.Start(StreamBench.Plan(path));
        await Eventually.TrueAsync(() => stream.GetStatus().ReconnectsLastHour > 1, stream.GetStatus);

        Assert.NotNull(stream.GetStatus().Problem);
        Assert.Equal(0, stream.GetStatus().FramesDecoded);
    }

    [RealDataFact]
    public async Task Clip_of_variable_frame_rate_gives_every_frame_once()
    {
        await using var bench = new StreamBench();

        var stream = bench.Start(StreamBench.Plan(RealData.PathOf("clips/street-vehicles-vfr.mp4")));
        await Eventually.TrueAsync(() => stream.GetStatus().State == StreamState.Ended, stream.GetStatus, seconds: 60);

        Assert.Equal(905, stream.GetStatus().FramesDecoded);
    }

    [RealDataFact]
    public async Task Sampling_a_clip_of_variable_frame_rate_never_shows_a_frame_twice()
    {
        await using var bench = new StreamBench();
        var plan = StreamBench.Plan(RealData.PathOf("clips/street-vehicles-vfr.mp4"), camera => camera with { SamplingFps = 5 });

        var stream = bench.Start(plan);
        await Eventually.TrueAsync(() => stream.GetStatus().State == StreamState.Ended, stream.GetStatus, seconds: 60);
        await stream.DisposeAsync();

        // 37.7 seconds at 5 frames a second; fewer where the clip has a gap longer than 200 ms.
        Assert.Equal(905, stream.GetStatus().FramesDecoded);
        Assert.InRange(bench.Ledger[plan.Subscriptions[0].DeploymentId].Inferred, 170, 190);
    }
}
