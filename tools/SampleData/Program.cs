using System.Globalization;

using OrleansAiFleet.SampleData;

const string Usage = """
    usage: SampleData preview FOLDER   a few renderings with their boxes drawn in
           SampleData measure FOLDER  measure the model of a folder of samples
           SampleData all [FOLDER]     render, train, measure, and write the samples (default: samples)
    """;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

switch (args)
{
    case ["preview", var folder]:
        await Preview.WriteAsync(folder, stop.Token);
        return 0;
    case ["measure", var folder]:
        await SampleBuild.MeasureAsync(folder, stop.Token);
        return 0;
    case ["all", ..]:
        await SampleBuild.RunAsync(args.Length > 1 ? args[1] : "samples", stop.Token);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
