using System.Globalization;

using OrleansAiFleet.SampleData;
using OrleansAiFleet.SampleData.Models;

const string Usage = """
    usage: SampleData preview FOLDER   a few renderings with their boxes drawn in
           SampleData measure FOLDER [FILE]  measure the model of a folder of samples, or another file in it
           SampleData versions FOLDER write the two more versions of its model
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
    case ["measure", var folder, .. var file]:
        await SampleBuild.MeasureAsync(folder, file.FirstOrDefault() ?? SampleBuild.Model, stop.Token);
        return 0;
    case ["versions", var folder]:
        await SampleVersions.WriteAsync(folder, stop.Token);
        return 0;
    case ["all", ..]:
        await SampleBuild.RunAsync(args.Length > 1 ? args[1] : "samples", stop.Token);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
