using System.Data;
using Npgsql;
using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Access;

/// <summary>One statement for each question: asked with every request whose answer is not fresh.</summary>
internal sealed class AccessReader(NpgsqlDataSource database) : IAccessReader
{
    private const string UserColumns = """
        users.id, coalesce(users.user_name, ''), users.security_stamp, users.disabled_at IS NOT NULL, users.must_change_password,
        ARRAY(SELECT role FROM access_grants WHERE user_id = users.id ORDER BY id),
        ARRAY(SELECT site_id FROM access_grants WHERE user_id = users.id ORDER BY id)
        """;

    private const string KeyColumns = """
        api_keys.id, prefix, actions, site_ids, expires_at, revoked_at IS NOT NULL, signing_secret
        """;

    public Task<UserAccess?> FindUserAsync(Guid userId, CancellationToken cancellationToken) => ReadAsync(
        $"SELECT {UserColumns} FROM users WHERE id = $1", userId, row => ReadUser(row, 0), cancellationToken);

    public Task<KeyAccess?> FindKeyAsync(byte[] hash, CancellationToken cancellationToken) => ReadAsync(
        $"SELECT {UserColumns}, {KeyColumns} FROM api_keys JOIN users ON users.id = user_id WHERE hash = $1",
        hash, ReadKey, cancellationToken);

    public Task<KeyAccess?> FindKeyAsync(Guid keyId, CancellationToken cancellationToken) => ReadAsync(
        $"SELECT {UserColumns}, {KeyColumns} FROM api_keys JOIN users ON users.id = user_id WHERE api_keys.id = $1",
        keyId, ReadKey, cancellationToken);

    // Compared here, not by the database: that would take as long as the hashes are alike.
    public Task<DeploymentKeyAccess?> FindDeploymentKeyAsync(Guid deploymentId, byte[] hash, CancellationToken cancellationToken) =>
        ReadAsync(
            "SELECT site_id, deployment_name, api_key FROM model_deployments WHERE id = $1 AND api_key IS NOT NULL",
            deploymentId,
            row => DeploymentKeySecret.Matches(row.GetString(2), hash)
                ? new DeploymentKeyAccess(deploymentId, row.GetGuid(0), row.GetString(1), DeploymentKeySecret.PrefixOf(row.GetString(2))!, hash)
                : null,
            cancellationToken);

    public Task TouchKeyAsync(Guid keyId, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var command = database.CreateCommand("""
            UPDATE api_keys SET last_used_at = date_trunc('minute', CURRENT_TIMESTAMP)
            WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < date_trunc('minute', CURRENT_TIMESTAMP))
            """);
        command.Parameters.Add(new() { Value = keyId });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    });

    public Task<bool> TakeSignedRequestAsync(
        Guid keyId, byte[] signature, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var command = database.CreateCommand("""
                WITH old AS (
                    DELETE FROM signed_requests WHERE (key_id, signature) IN (
                        SELECT key_id, signature FROM signed_requests WHERE expires_at < CURRENT_TIMESTAMP
                        LIMIT 100 FOR UPDATE SKIP LOCKED))
                INSERT INTO signed_requests (key_id, signature, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
                """);
            command.Parameters.Add(new() { Value = keyId });
            command.Parameters.Add(new() { Value = signature });
            command.Parameters.Add(new() { Value = expiresAt.ToUniversalTime() });
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        });

    public Task<SitePlace?> FindPlaceAsync(SitePart part, Guid id, CancellationToken cancellationToken) => ReadAsync(
        part switch
        {
            SitePart.Camera => "SELECT site_id FROM cameras WHERE id = $1",
            SitePart.Deployment => "SELECT site_id FROM model_deployments WHERE id = $1",
            SitePart.Optimization => "SELECT site_id FROM performance_optimizations WHERE id = $1",
            _ => "SELECT id FROM sites WHERE id = $1",
        },
        id,
        row => new SitePlace(row.IsDBNull(0) ? null : row.GetGuid(0)),
        cancellationToken);

    private static UserAccess ReadUser(NpgsqlDataReader row, int first)
    {
        var roles = row.GetFieldValue<AccessRole[]>(first + 5);
        var sites = row.GetFieldValue<Guid?[]>(first + 6);
        return new(
            row.GetGuid(first),
            row.GetString(first + 1),
            row.IsDBNull(first + 2) ? null : row.GetString(first + 2),
            row.GetBoolean(first + 3),
            row.GetBoolean(first + 4),
            [.. roles.Zip(sites, (role, site) => new AccessGrant(role, site))]);
    }

    private static KeyAccess ReadKey(NpgsqlDataReader row) => new(
        row.GetGuid(7),
        row.GetString(8),
        ReadUser(row, 0),
        row.IsDBNull(9) ? null : ActionNames.Parse(row.GetFieldValue<string[]>(9)),
        row.IsDBNull(10) ? null : SiteScope.Of(row.GetFieldValue<Guid[]>(10)),
        row.GetFieldValue<DateTimeOffset>(11),
        row.GetBoolean(12),
        row.IsDBNull(13) ? null : row.GetString(13));

    private Task<T?> ReadAsync<T>(
        string sql, object parameter, Func<NpgsqlDataReader, T?> read, CancellationToken cancellationToken)
        where T : class =>
        DatabaseOutage.GuardAsync<T?>(async () =>
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = parameter });
            await using var row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
            return await row.ReadAsync(cancellationToken) ? read(row) : null;
        });
}
