using System.Globalization;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.FleetCli.Database;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary><c>./fleet audit verify</c>: recomputes the audit trail and names every row that is not as it was written.</summary>
internal static class AuditCommand
{
    private const string JsonOption = "--json";

    // A trail chained anew has a fault a day, a lost key one a head: the first ones say what happened.
    private const int MostFaults = 1000;

    /// <summary>Returns 0 where the trail is clean, 1 where it is not.</summary>
    /// <exception cref="FleetCliException">It cannot be checked: no database, no key, a wrong option.</exception>
    public static async Task<int> RunAsync(FleetSettings settings, string[] arguments)
    {
        if (arguments is not ["verify", .. var options])
        {
            throw new FleetCliException("audit takes verify [--from DAY] [--to DAY] [--json].");
        }

        var asJson = options.Contains(JsonOption);
        var days = ParseDays([.. options.Where(option => option != JsonOption)]);
        RequireKey(settings);
        try
        {
            var audit = new AuditOptions { Key = settings.AuditKey, KeyFile = settings.AuditKeyFile, HeadFile = settings.AuditHeadFile };
            await using var database = FleetDataSource.Create(settings.ConnectionString ?? PrivateConnection(settings));
            var verifier = new AuditVerifier(database, audit.CreateSigner(), audit.CreateNote());
            var summary = asJson ? await WriteJsonAsync(verifier, days) : await WriteTextAsync(verifier, days);
            return summary.IsClean ? 0 : 1;
        }
        catch (FleetRefusedException refusal)
        {
            throw new FleetCliException($"{refusal.Message} ./fleet run starts it.", refusal);
        }
        catch (InvalidOperationException refusal)
        {
            throw new FleetCliException(refusal.Message, refusal);
        }
    }

    internal static AuditDays ParseDays(ReadOnlySpan<string> options)
    {
        var days = new AuditDays();
        while (options is [var name, .. var rest])
        {
            if (name is not ("--from" or "--to") || rest is not [var text, .. var more])
            {
                throw new FleetCliException($"'{name}' is no option of audit verify: there are --from DAY and --to DAY.");
            }

            var day = ParseDay(name, text);
            days = name == "--from" ? days with { From = day } : days with { To = day };
            options = more;
        }

        return days;
    }

    internal static string Text(AuditSummary summary)
    {
        var lines = string.Create(CultureInfo.InvariantCulture, $"{summary.Entries} entries of {summary.Days} days: ");
        lines += summary.IsClean ? "clean" : string.Create(CultureInfo.InvariantCulture, $"{summary.Faults} faults");
        return summary.NewestHead is { } head ? $"{lines}\nnewest head: {head}" : lines;
    }

    /// <summary>The same for programs; the first 1000 faults.</summary>
    internal static string Json(AuditSummary summary, IReadOnlyList<AuditFault> faults) => JsonText.From(new
    {
        summary.IsClean,
        summary.Entries,
        summary.Days,
        FaultCount = summary.Faults,
        Faults = faults,
        summary.NewestHead,
    }).Value;

    private static DateOnly ParseDay(string name, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new FleetCliException($"{name} is '{text}': it must be a day as 2026-03-31.");

    private static async Task<AuditSummary> WriteTextAsync(AuditVerifier verifier, AuditDays days)
    {
        var summary = await verifier.VerifyAsync(days, fault => Console.WriteLine(fault), CancellationToken.None);
        Console.WriteLine(Text(summary));
        return summary;
    }

    private static async Task<AuditSummary> WriteJsonAsync(AuditVerifier verifier, AuditDays days)
    {
        var faults = new List<AuditFault>();
        var summary = await verifier.VerifyAsync(
            days,
            fault =>
            {
                if (faults.Count < MostFaults)
                {
                    faults.Add(fault);
                }
            },
            CancellationToken.None);
        Console.WriteLine(Json(summary, faults));
        return summary;
    }

    // A key made now could not have signed anything.
    private static void RequireKey(FleetSettings settings)
    {
        if (settings.AuditKey is null && !File.Exists(settings.AuditKeyFile))
        {
            throw new FleetCliException(
                $"there is no audit key {settings.AuditKeyFile}: name the silos' in Fleet__Audit__KeyFile or Fleet__Audit__Key.");
        }
    }

    private static string PrivateConnection(FleetSettings settings)
    {
        var server = new PrivateServer(settings, PostgresPrograms.Find());
        return server.Exists ? server.ConnectionString : throw new FleetCliException("there is no database yet: ./fleet run makes it.");
    }
}
