using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class InFlightLedgerFileTests : IDisposable
{
    private readonly JournalParent _parent = new();
    private readonly JournalFolder _folder;
    private readonly Guid _deployment = Guid.NewGuid();
    private readonly Guid _reporter = Guid.NewGuid();

    public InFlightLedgerFileTests() => _folder = _parent.CreateFolder();

    public void Dispose()
    {
        _folder.Dispose();
        _parent.Delete();
    }

    [Fact]
    public void Counters_can_be_read_while_the_process_lives_and_so_after_it_died()
    {
        using var file = new InFlightLedgerFile(_folder, slots: 8);
        file.Open(_deployment, Batches.Noon, _reporter)!.Store(decoded: 12, completed: 9);

        var window = Assert.Single(InFlightWindow.ReadAll(_folder.Path));

        Assert.Equal(new(new(_deployment, Batches.Noon), _reporter, Decoded: 12, Completed: 9), window);
    }

    [Fact]
    public void Closed_window_gives_its_slot_to_another_with_counters_of_its_own()
    {
        using var file = new InFlightLedgerFile(_folder, slots: 1);
        var first = file.Open(_deployment, Batches.Noon, _reporter)!;
        first.Store(5, 5);
        Assert.Null(file.Open(_deployment, Batches.Noon.AddMinutes(5), _reporter));

        first.Close();
        Assert.Empty(InFlightWindow.ReadAll(_folder.Path));
        Assert.NotNull(file.Open(_deployment, Batches.Noon.AddMinutes(5), _reporter));

        var window = Assert.Single(InFlightWindow.ReadAll(_folder.Path));
        Assert.Equal((Batches.Noon.AddMinutes(5), 0), (window.Window.Start, window.Decoded));
    }

    [Fact]
    public void File_goes_with_a_process_that_ends_with_nothing_in_flight()
    {
        var file = new InFlightLedgerFile(_folder, slots: 2);
        var slot = file.Open(_deployment, Batches.Noon, _reporter)!;
        slot.Store(4, 4);
        file.Dispose();

        slot.Store(5, 4);

        Assert.False(File.Exists(Path.Combine(_folder.Path, InFlightLedgerFile.FileName)));
    }

    [Fact]
    public void Last_report_says_nothing_new_where_all_was_reported()
    {
        var window = new InFlightWindow(new(_deployment, Batches.Noon), _reporter, Decoded: 12, Completed: 12);

        Assert.Null(window.LastReport(Batches.Report(_deployment, _reporter, 3, new() { FramesDecoded = 12 })));
        Assert.Equal(4, window.LastReport(Batches.Report(_deployment, _reporter, 3, new() { FramesDecoded = 11 }))!.Sequence);
    }
}
