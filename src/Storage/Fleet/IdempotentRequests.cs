using Npgsql;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Requests that bore an Idempotency-Key, with the answers that they got; kept for a day.</summary>
public sealed class IdempotentRequests(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>A request that has not ended by then was cut short by the death of its host.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private const string BeginSql = """
        INSERT INTO idempotent_requests (user_id, key, request, fingerprint, started_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (user_id, key) DO UPDATE
        SET request = EXCLUDED.request, fingerprint = EXCLUDED.fingerprint, started_at = EXCLUDED.started_at, status = NULL, answer = NULL
        WHERE idempotent_requests.started_at < $6
            OR (idempotent_requests.status IS NULL AND idempotent_requests.started_at < $7)
        RETURNING TRUE
        """;

    private const string ReadSql = """
        SELECT request, fingerprint, status, answer
        FROM idempotent_requests
        WHERE user_id = $1 AND key = $2
        """;

    private const string CompleteSql = """
        UPDATE idempotent_requests
        SET status = $3, answer = $4
        WHERE user_id = $1 AND key = $2
        """;

    private const string AbandonSql = "DELETE FROM idempotent_requests WHERE user_id = $1 AND key = $2 AND status IS NULL";

    private const string ForgetSql = "DELETE FROM idempotent_requests WHERE started_at < $1";

    /// <summary>Takes a key for a request.</summary>
    /// <returns>Null: it is the first with this key and goes ahead. Otherwise what is known of the first.</returns>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<IdempotentRequest?> BeginAsync(
        Guid user, string key, string request, byte[] fingerprint, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            var now = time.GetUtcNow();
            await using var begin = database.CreateCommand(BeginSql);
            begin.Parameters.AddRange((NpgsqlParameter[])
            [
                new() { Value = user }, new() { Value = key }, new() { Value = request }, new() { Value = fingerprint },
                new() { Value = now }, new() { Value = now - Kept }, new() { Value = now - Longest },
            ]);
            return await begin.ExecuteScalarAsync(cancellationToken) is null ? await ReadAsync(user, key, cancellationToken) : null;
        });

    /// <summary>Keeps the answer for whoever asks again.</summary>
    public Task CompleteAsync(Guid user, string key, int status, byte[] answer) => DatabaseOutage.GuardAsync(async () =>
    {
        // Done is done, whether or not the caller still listens.
        await using var complete = Command(CompleteSql, user, key);
        complete.Parameters.Add(new() { Value = status });
        complete.Parameters.Add(new() { Value = answer });
        return await complete.ExecuteNonQueryAsync(CancellationToken.None);
    });

    /// <summary>Gives the key back: nothing was done with it.</summary>
    public Task AbandonAsync(Guid user, string key) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var abandon = Command(AbandonSql, user, key);
        return await abandon.ExecuteNonQueryAsync(CancellationToken.None);
    });

    /// <summary>Removes what is kept no longer.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var forget = database.CreateCommand(ForgetSql);
        forget.Parameters.Add(new() { Value = time.GetUtcNow() - Kept });
        return await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    // Between the two statements the first may have been given back: then the caller comes again.
    private async Task<IdempotentRequest?> ReadAsync(Guid user, string key, CancellationToken cancellationToken)
    {
        await using var read = Command(ReadSql, user, key);
        await using var row = await read.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(
                row.GetString(0),
                row.GetFieldValue<byte[]>(1),
                await row.IsDBNullAsync(2, cancellationToken) ? null : row.GetInt32(2),
                await row.IsDBNullAsync(3, cancellationToken) ? null : row.GetFieldValue<byte[]>(3))
            : new("", [], null, null);
    }

    private NpgsqlCommand Command(string sql, Guid user, string key)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = key });
        return command;
    }
}

/// <summary>The first request with a key.</summary>
/// <param name="Request">Its method and address; empty where it was given back at this moment.</param>
/// <param name="Fingerprint">Of its body.</param>
/// <param name="Status">The status of its answer; null while it is under way.</param>
/// <param name="Answer">Its answer as it was kept.</param>
public sealed record IdempotentRequest(string Request, byte[] Fingerprint, int? Status, byte[]? Answer);
