using OrleansAiFleet.FleetCli;
using OrleansAiFleet.FleetCli.Commands;

const string Usage = """
    usage: ./fleet run [--workers N]     start everything and show what the cameras do
           ./fleet status [--json]       what is up
           ./fleet psql [-c SQL]         open the database
           ./fleet audit verify          recompute the audit trail [--from DAY] [--to DAY] [--json]
           ./fleet demo canary-bad | canary-good   watch a rollout be rolled back or promoted
           ./fleet stop                  end a fleet that was started elsewhere
    """;

try
{
    var settings = FleetSettings.FromEnvironment();
    return args switch
    {
        ["run", .. var options] => await RunCommand.RunAsync(settings, RunOptions.Parse(options)),
        ["status", .. var options] => await StatusCommand.RunAsync(settings, options.Contains("--json")),
        ["psql", .. var options] => await PsqlCommand.RunAsync(settings, options),
        ["audit", .. var options] => await AuditCommand.RunAsync(settings, options),
        ["demo", .. var options] => await DemoCommand.RunAsync(settings, options),
        ["stop"] => await StopCommand.RunAsync(settings),
        _ => Fail(Usage, 2),
    };
}
catch (FleetCliException refusal)
{
    return Fail($"fleet: {refusal.Message}", 1);
}

static int Fail(string message, int code)
{
    Console.Error.WriteLine(message);
    return code;
}
