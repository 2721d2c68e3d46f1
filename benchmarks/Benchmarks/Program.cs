using OrleansAiFleet.Benchmarks.Measurements;

var (command, fault) = CommandLine.Parse(args, BenchmarkCatalog.All);
if (command is null)
{
    await Console.Error.WriteLineAsync(fault);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

Console.WriteLine(Machine.Describe());
var page = new ResultsPage(
    command.Output ?? ResultsPage.DefaultPath, [.. BenchmarkCatalog.All.Select(static benchmark => benchmark.Name)]);
var missed = false;
foreach (var benchmark in command.Benchmarks)
{
    var rows = new List<BenchmarkRow>();
    var load = Machine.Load();
    ConsoleLines.Head(Console.Out, benchmark);
    await foreach (var row in benchmark.Run(stop.Token))
    {
        rows.Add(row);
        ConsoleLines.Row(Console.Out, row);
        missed |= row.Target?.IsMetBy(row.Ratio) == false;
    }

    await page.PutAsync(benchmark.Name, MarkdownSection.Write(benchmark, rows, load), stop.Token);
}

return missed ? 1 : 0;
