using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Models.Validation;

// The same program inspects models in a process of its own: nothing of a host may be loaded there.
if (args is [ValidationChild.Mode])
{
    return ValidationChild.Run();
}

await WorkerComposition.RunAsync(args);
return 0;
