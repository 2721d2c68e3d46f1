using System.Security.Cryptography;

using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Silo.Tests.Access;

/// <summary>Hosts that share a database and a master key, or not.</summary>
public sealed class KeyRingTests : IAsyncLifetime
{
    private static readonly string Master = NewKey();

    private PostgresDatabase _database = null!;

    public async Task InitializeAsync() => _database = await PostgresDatabase.CreateAsync();

    public Task DisposeAsync() => _database.DisposeAsync().AsTask();

    [Fact]
    public void What_one_host_encrypts_another_opens()
    {
        using var silo = Host(makesKeys: true, Master);
        var closed = silo.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("secret");
        using var worker = Host(makesKeys: false, Master);

        Assert.Equal("secret", worker.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(closed));
    }

    [Fact]
    public async Task Database_without_the_master_key_opens_nothing()
    {
        using var silo = Host(makesKeys: true, Master);
        var closed = silo.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("secret");
        using var stranger = Host(makesKeys: false, NewKey());

        Assert.ThrowsAny<CryptographicException>(
            () => stranger.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(closed));
        await using var command = silo.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand("SELECT string_agg(xml, '') FROM data_protection_keys");
        var kept = (string)(await command.ExecuteScalarAsync())!;
        Assert.Contains("masterKeyEncrypted", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey ", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void Master_key_of_before_still_opens_what_it_closed()
    {
        using var before = Host(makesKeys: true, Master);
        var closed = before.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("secret");
        using var after = Host(makesKeys: true, NewKey(), Master);

        Assert.Equal("secret", after.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(closed));
    }

    [Fact]
    public void Credentials_are_good_for_their_camera_alone()
    {
        using var silo = Host(makesKeys: true, Master);
        var secrets = silo.GetRequiredService<ICameraSecrets>();
        var camera = Guid.NewGuid();
        var stored = secrets.Protect(camera, "admin:secret");

        Assert.DoesNotContain("secret", stored, StringComparison.Ordinal);
        Assert.Equal("admin:secret", secrets.Unprotect(camera, stored));
        var refused = Assert.Throws<FleetRefusedException>(() => secrets.Unprotect(Guid.NewGuid(), stored));
        Assert.Equal("source_credentials", refused.Field);
        Assert.Equal("as before", secrets.Unprotect(camera, "as before"));
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private ServiceProvider Host(bool makesKeys, string master, params string[] earlier)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Fleet:MasterKey:Value", master),
            .. earlier.Select((key, i) => new KeyValuePair<string, string?>($"Fleet:MasterKey:Earlier:{i}", key)),
        ]);
        return new ServiceCollection().AddLogging()
            .AddSingleton<IConfiguration>(configuration.Build())
            .AddFleetStorage(_database.ConnectionString)
            .AddFleetDataProtection(makesKeys)
            .BuildServiceProvider();
    }
}
