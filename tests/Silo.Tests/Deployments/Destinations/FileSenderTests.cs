using System.Text.Json;

using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

public sealed class FileSenderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("destinations-").FullName;
    private readonly FakeTimeProvider _time = new(Deliveries.Noon);
    private readonly FileDestination _file = new() { Name = "disk", Directory = "north/helmets" };

    private string Folder => Path.Combine(_root, "north", "helmets");

    private string[] Files => [.. Directory.GetFiles(Folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Every_frame_is_a_line_and_what_follows_is_appended()
    {
        await SendAsync(_file, 2);
        await SendAsync(_file, 1);

        Assert.Equal(["disk-00000000-20260304-000001.jsonl"], Files);
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, Files[0]));
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal("control-room", JsonDocument.Parse(line).RootElement.GetProperty("destination").GetString()));
    }

    [Fact]
    public async Task Line_that_was_cut_off_stays_alone()
    {
        await SendAsync(_file, 1);
        await File.AppendAllTextAsync(Path.Combine(Folder, Files[0]), "{\"cut");

        await SendAsync(_file, 1);

        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, Files[0]));
        Assert.Equal((3, "{\"cut"), (lines.Length, lines[1]));
        Assert.StartsWith("{\"deployment_id\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Full_file_and_new_day_begin_another()
    {
        var small = _file with { RollBytes = 300, MaxBytes = 1 << 20 };
        await SendAsync(small, 1);
        await SendAsync(small, 1);
        _time.Advance(TimeSpan.FromHours(12));
        await SendAsync(small, 1);

        Assert.Equal(
            ["disk-00000000-20260304-000001.jsonl", "disk-00000000-20260304-000002.jsonl", "disk-00000000-20260305-000001.jsonl"], Files);
    }

    [Fact]
    public async Task Oldest_files_go_when_there_is_too_much_and_those_of_others_stay()
    {
        Directory.CreateDirectory(Folder);
        string[] others = ["disk-00000000-note.jsonl", "disk-00000000-00000000-20260101-000001.jsonl"];
        foreach (var other in others)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, other), new string('x', 10_000));
        }

        var small = _file with { RollBytes = 300, MaxBytes = 1500 };
        for (var i = 0; i < 6; i++)
        {
            await SendAsync(small, 1);
        }

        Assert.All(others, other => Assert.Contains(other, Files));
        var ours = Files.Except(others).ToArray();
        Assert.Equal("disk-00000000-20260304-000006.jsonl", ours[^1]);
        Assert.DoesNotContain("disk-00000000-20260304-000001.jsonl", ours);
        Assert.InRange(ours.Sum(file => new FileInfo(Path.Combine(Folder, file)).Length), 1, 1500);
    }

    [Fact]
    public async Task Link_that_leads_out_of_the_root_is_refused()
    {
        var outside = Directory.CreateTempSubdirectory("outside-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(_root, "north"), outside);

        var result = await SendAsync(_file, 1);

        Assert.Equal(SendOutcome.Refused, result.Outcome);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Directory.Delete(outside);
    }

    [Fact]
    public async Task Folder_that_takes_nothing_may_take_it_later_and_a_test_leaves_nothing_behind()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "north"), "a file in its place");
        Assert.Equal(SendOutcome.Unavailable, (await SendAsync(_file, 1)).Outcome);
        File.Delete(Path.Combine(_root, "north"));

        var test = await new FileSender(_root, _time).SendAsync(_file, Deliveries.Of() with { IsTest = true }, default);

        Assert.Equal(SendOutcome.Delivered, test.Outcome);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
        Assert.Equal(SendOutcome.Refused, (await new FileSender(null, _time).SendAsync(_file, Deliveries.Of(), default)).Outcome);
    }

    private Task<SendResult> SendAsync(FileDestination file, int frames) => new FileSender(_root, _time).SendAsync(
        file, Deliveries.Of([.. Enumerable.Range(0, frames).Select(second => Deliveries.Detection(Guid.NewGuid(), second))]), CancellationToken.None);
}
