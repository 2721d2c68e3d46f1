using System.Text.Json;

using OrleansAiFleet.Trainer.Training;

// One training: the specification comes as a JSON file, progress goes out as one JSON object a line.
var json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
if (args is not ["train", var path])
{
    Console.Error.WriteLine("usage: OrleansAiFleet.Trainer train SPECIFICATION.json");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    var spec = JsonSerializer.Deserialize<TrainingSpec>(await File.ReadAllTextAsync(path, stop.Token), json)
        ?? throw new InvalidDataException($"{path} is empty.");
    using var detector = await DetectorTrainer.TrainAsync(spec, new Lines(json), stop.Token);
    return 0;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

/// <summary>Writes each report at once, on the thread that makes it.</summary>
internal sealed class Lines(JsonSerializerOptions json) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => Console.WriteLine(JsonSerializer.Serialize(value, json));
}
