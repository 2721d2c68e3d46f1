using Microsoft.Extensions.Options;
using Npgsql;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Where contents lie, as configured: new ones in one place, those of before where they are.</summary>
internal sealed class ModelFileLocations : IDisposable
{
    private readonly S3Bucket? _bucket;

    public ModelFileLocations(NpgsqlDataSource database, IOptions<ModelStoreOptions> options)
    {
        var store = options.Value;
        _bucket = store.S3.Bucket is { Length: > 0 } ? new(database, store.S3) : null;
        ForUploads = store.Store is ModelStoreKind.S3 ? Bucket : new PostgresContents(database);
    }

    public IModelFileContents ForUploads { get; }

    /// <summary>The bucket.</summary>
    /// <exception cref="FleetRefusedException">None is configured; names the setting.</exception>
    public S3Bucket Bucket => _bucket ?? throw new FleetRefusedException(
        RefusalKind.Unavailable,
        null,
        $"Stored files lie in a bucket, and this host knows none. Set {ModelStoreOptions.Section}:S3:Bucket as it was when they were stored.");

    /// <summary>Null where none is configured.</summary>
    public S3Bucket? BucketOrNull => _bucket;

    public void Dispose() => _bucket?.Dispose();
}
