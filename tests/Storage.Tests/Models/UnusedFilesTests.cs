using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

// A database of its own: what is removed here is everything that nothing refers to.
public sealed class UnusedFilesTests(FleetDatabase database) : IClassFixture<FleetDatabase>, IDisposable
{
    private readonly StoredFiles _files = new(database.Database);

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Only_old_files_that_nothing_refers_to_are_removed()
    {
        var (used, old, young) = (await SaveAsync(), await SaveAsync(), await SaveAsync());
        await database.StoreAsync(Rows.Model() with { ModelFilePath = used.Path });
        foreach (var file in new[] { used, old })
        {
            await database.ExecuteAsync("UPDATE model_files SET stored_at = stored_at - INTERVAL '2 days' WHERE sha256 = $1", file.Sha256);
        }

        var removed = await new UnusedFiles(database.Database, _files.Store).RemoveAsync(
            TimeProvider.System.GetUtcNow().AddDays(-1), CancellationToken.None);

        Assert.Equal(1, removed);
        Assert.NotEmpty(await _files.ReadAsync(used.Path));
        Assert.NotEmpty(await _files.ReadAsync(young.Path));
        await Assert.ThrowsAsync<FileNotFoundException>(() => _files.ReadAsync(old.Path));
    }

    private Task<StoredFile> SaveAsync() => _files.SaveAsync(StoredFiles.Content(100));
}
