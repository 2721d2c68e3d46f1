namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Where model files come from.</summary>
internal interface IModelFiles
{
    /// <summary>Streams a file to a local path.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    Task FetchAsync(string path, string targetFile, CancellationToken cancellationToken);
}
