using System.Globalization;

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Codes of authenticators, each good for one sign-in: RFC 6238, 5.2.</summary>
public sealed class OneTimeCodes(UserManager<FleetUser> users, TimeProvider time)
{
    private const string Provider = "[Fleet]";
    private const string Taken = "TakenCodes";

    // Identity takes codes of two steps of thirty seconds before and after its own.
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(3);

    /// <summary>Whether the code is the authenticator's now and nobody signed in with it yet.</summary>
    public async Task<bool> TakeAsync(FleetUser user, string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        code = code.Replace(" ", "", StringComparison.Ordinal);
        if (!await users.VerifyTwoFactorTokenAsync(user, users.Options.Tokens.AuthenticatorTokenProvider, code))
        {
            return false;
        }

        var taken = await ReadAsync(user);
        return !taken.Exists(one => one.Code == code) && await WriteAsync(user, [.. taken, (time.GetUtcNow(), code)]);
    }

    private async Task<List<(DateTimeOffset At, string Code)>> ReadAsync(FleetUser user)
    {
        var since = time.GetUtcNow() - Good;
        var kept = await users.GetAuthenticationTokenAsync(user, Provider, Taken) ?? "";
        return
        [
            .. kept.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('/'))
                .Select(one => (At: DateTimeOffset.FromUnixTimeSeconds(long.Parse(one[0], CultureInfo.InvariantCulture)), Code: one[1]))
                .Where(one => one.At > since),
        ];
    }

    // Of two sign-ins at once the second finds the user's row changed.
    private async Task<bool> WriteAsync(FleetUser user, IEnumerable<(DateTimeOffset At, string Code)> taken)
    {
        try
        {
            var text = string.Join(' ', taken.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.At.ToUnixTimeSeconds()}/{one.Code}")));
            return (await users.SetAuthenticationTokenAsync(user, Provider, Taken, text)).Succeeded;
        }
        catch (DbUpdateException)
        {
            return false;
        }
    }
}
