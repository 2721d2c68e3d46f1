using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Uploads that nobody went on with.</summary>
internal sealed class ExpiredUploads(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Removes them with all that had come.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var forget = database.CreateCommand("DELETE FROM model_uploads WHERE expires_at < $1");
        forget.Parameters.Add(new() { Value = time.GetUtcNow() });
        return await forget.ExecuteNonQueryAsync(cancellationToken);
    }
}
