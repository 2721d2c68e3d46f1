using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Storage.Tests.Detections;

/// <summary>A parent folder of journals, and processes that share it.</summary>
internal sealed class JournalParent
{
    public JournalParent() => Options = new()
    {
        JournalFolder = Path.Combine(Path.GetTempPath(), "fleet-journal-" + Guid.NewGuid().ToString("N")),
        ShortestRetry = TimeSpan.FromMilliseconds(10),
        LongestRetry = TimeSpan.FromMilliseconds(100),
        TakeoverInterval = TimeSpan.FromMilliseconds(50),
        CommitInterval = TimeSpan.FromMilliseconds(20),
    };

    public FrameBatchOptions Options { get; }

    /// <summary>Journals of processes, living or dead.</summary>
    public IEnumerable<string> Journals =>
        Directory.Exists(Options.JournalFolder)
            ? Directory.GetDirectories(Options.JournalFolder).Where(path => Path.GetFileName(path) != "rejected")
            : [];

    public string[] Rejected =>
        Path.Combine(Options.JournalFolder, "rejected") is var folder && Directory.Exists(folder)
            ? Directory.GetFiles(folder)
            : [];

    public JournalFolder CreateFolder() => JournalFolder.Create(Options.JournalFolder);

    public FrameBatchWriter CreateWriter(NpgsqlDataSource database, JournalFolder folder, TimeProvider? time = null) => new(
        database,
        folder,
        Microsoft.Extensions.Options.Options.Create(Options),
        time ?? TimeProvider.System,
        NullLogger<FrameBatchWriter>.Instance);

    /// <summary>What kill -9 leaves of a process that took batches over and stored none: its files, and no lock.</summary>
    public async Task<string> LeaveDeadProcessAsync(params FrameBatch[] batches)
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Username=none");
        using var folder = CreateFolder();
        using var writer = CreateWriter(nowhere, folder);
        foreach (var batch in batches)
        {
            await writer.WriteAsync(batch, CancellationToken.None);
        }

        return folder.Path;
    }

    public void Delete()
    {
        if (Directory.Exists(Options.JournalFolder))
        {
            Directory.Delete(Options.JournalFolder, recursive: true);
        }
    }
}
