using System.Buffers;
using System.Runtime.InteropServices;
using Amazon.S3.Model;
using Npgsql;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// An upload to the bucket: in one piece where it is small, else in parts, one sent while the next fills. The database
/// has a note of it before the first byte, so that what breaks off is removed some time.
/// </summary>
internal sealed class S3Upload(NpgsqlDataSource database, S3Bucket bucket, Guid contentId) : IModelFileUpload
{
    /// <summary>Longest that an upload may take: what has not got its name by then is removed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    // The protocol wants 5 MiB or more, and 10 000 parts at most: so a file may have some 78 GiB.
    private const int PartBytes = 8 << 20;

    private readonly List<PartETag> _parts = [];
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _sent = new();
    private Task _sending = Task.CompletedTask;
    private string? _upload;
    private bool _isWhole;
    private bool _isKept;

    public async Task WriteAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        _filling.Write(chunk.Span);
        if (_filling.WrittenCount >= PartBytes)
        {
            await SendAsync(cancellationToken);
        }
    }

    public Task<bool> TryKeepAsync(ModelFileRow row, CancellationToken cancellationToken) =>
        KeepAsync(connection => row.TryInsertAsync(connection, cancellationToken), cancellationToken);

    public Task<bool> TryReplaceAsync(ModelFileRow row, Guid replaced, CancellationToken cancellationToken) =>
        KeepAsync(connection => row.TryReplaceAsync(connection, replaced, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_isKept)
        {
            return;
        }

        try
        {
            await bucket.DeleteAsync(contentId, CancellationToken.None);
            await ModelFileRemovals.ForgetAsync(database, contentId, CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or FleetRefusedException)
        {
            // The note stays: the object is removed later.
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await _sending;
        _upload ??= await bucket.InitiateAsync(contentId, cancellationToken);
        (_filling, _sent) = (_sent, _filling);
        _filling.ResetWrittenCount();
        _sending = SendPartAsync(_upload, _parts.Count + 1, Content(_sent), cancellationToken);
    }

    private async Task SendPartAsync(string upload, int part, Stream content, CancellationToken cancellationToken) =>
        _parts.Add(await bucket.SendAsync(contentId, upload, part, content, cancellationToken));

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_isWhole)
        {
            return;
        }

        if (_upload is null)
        {
            await bucket.PutAsync(contentId, Content(_filling), cancellationToken);
        }
        else
        {
            if (_filling.WrittenCount > 0)
            {
                await SendAsync(cancellationToken);
            }

            await _sending;
            await bucket.CompleteAsync(contentId, _upload, _parts, cancellationToken);
        }

        _isWhole = true;
    }

    private async Task<bool> KeepAsync(Func<NpgsqlConnection, Task<bool>> takeName, CancellationToken cancellationToken)
    {
        await FinishAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await takeName(connection))
        {
            return false;
        }

        if (!await ModelFileRemovals.ForgetAsync(connection, contentId, cancellationToken))
        {
            throw new FleetRefusedException(
                RefusalKind.Unavailable, null, $"The upload took longer than {Patience.TotalHours} hours, and what was stored of it is removed.");
        }

        // From here on the outcome may be unknown: the note says then whether the object has its name.
        _isKept = true;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static MemoryStream Content(ArrayBufferWriter<byte> buffer) =>
        MemoryMarshal.TryGetArray(buffer.WrittenMemory, out var bytes) && bytes.Array is { } array
            ? new(array, bytes.Offset, bytes.Count, writable: false)
            : new([], writable: false);
}
