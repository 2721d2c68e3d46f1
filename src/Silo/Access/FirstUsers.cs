using System.Buffers.Text;
using System.Security.Cryptography;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary>
/// Before the first request: an administrator where there is none, and the key of whoever runs the fleet on this machine.
/// </summary>
internal sealed partial class FirstUsers(
    IServiceScopeFactory scopes,
    PeopleStore people,
    ApiKeyStore keys,
    IAccessReader reader,
    IOptions<AccessOptions> options,
    TimeProvider time,
    ILogger<FirstUsers> logger) : IHostedService
{
    /// <summary>The service that the local key belongs to; the same in every process.</summary>
    private static readonly Guid LocalOperator = new("6f706572-6174-6f72-0000-000000000001");

    private static readonly TimeSpan LocalKeyLifetime = TimeSpan.FromDays(3650);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var scope = scopes.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<NewPeople>();
        if (!await people.HasAdministratorAsync(cancellationToken))
        {
            await CreateAdministratorAsync(users, cancellationToken);
        }

        if (options.Value.LocalKeyFile is { Length: > 0 } file)
        {
            await TakeLocalKeyAsync(users, file, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CreateAdministratorAsync(NewPeople users, CancellationToken cancellationToken)
    {
        var access = options.Value;
        var chosen = access.AdministratorPassword is { Length: > 0 } password ? password : null;
        var user = new FleetUser
        {
            Id = Guid.CreateVersion7(),
            UserName = access.AdministratorEmail,
            Email = access.AdministratorEmail,
            DisplayName = "Administrator",
            MustChangePassword = chosen is null,
        };
        var secret = chosen ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(15));
        if (await users.CreateAsync(user, secret, [new(AccessRole.Administrator)], cancellationToken) is { Succeeded: false } refused)
        {
            // Another control silo that starts at the same moment was first, or somebody of this name has lost the role.
            if (refused.Errors.All(error => error.Code.StartsWith("Duplicate", StringComparison.Ordinal)))
            {
                LogNameTaken(access.AdministratorEmail);
                return;
            }

            throw new InvalidOperationException(
                $"The first administrator cannot be created: {string.Join(' ', refused.Errors.Select(error => error.Description))}");
        }

        if (chosen is null)
        {
            await WriteAsync(access.FirstPasswordFile, secret, cancellationToken);
            LogCreated(access.AdministratorEmail, Path.GetFullPath(access.FirstPasswordFile));
        }
    }

    private async Task TakeLocalKeyAsync(NewPeople users, string file, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
        {
            throw new InvalidOperationException($"{file} can be read by others. It is as good as an administrator's password: chmod 600 {file}.");
        }

        var secret = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        if (!ApiKeySecret.HasForm(secret))
        {
            throw new InvalidOperationException($"{file} has no API key in it.");
        }

        var hash = ApiKeySecret.Hash(secret);
        if (await reader.FindKeyAsync(hash, cancellationToken) is not null)
        {
            return;
        }

        if (await people.FindAsync(LocalOperator, cancellationToken) is null)
        {
            await users.CreateAsync(
                new() { Id = LocalOperator, Kind = UserKind.Service, UserName = "local-operator", DisplayName = "Local operator" },
                password: null,
                [new(AccessRole.Administrator)],
                cancellationToken);
        }

        await keys.AddAsync(
            new()
            {
                Id = Guid.CreateVersion7(),
                UserId = LocalOperator,
                Name = "Key file of this machine",
                Prefix = ApiKeySecret.PrefixOf(secret),
                Hash = hash,
                ExpiresAt = time.GetUtcNow() + LocalKeyLifetime,
                CreatedAt = time.GetUtcNow(),
            },
            cancellationToken);
    }

    private static async Task WriteAsync(string path, string secret, CancellationToken cancellationToken)
    {
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, file);
        await writer.WriteLineAsync(secret.AsMemory(), cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Created the administrator {Name}. The password is in {File}: sign in, change it, delete the file")]
    private partial void LogCreated(string name, string file);

    [LoggerMessage(LogLevel.Warning, "Nobody is administrator of all sites, and a user named {Name} is there already: give that user the role")]
    private partial void LogNameTaken(string name);
}
