using System.Collections.Concurrent;

using OrleansAiFleet.Inference;
using OrleansAiFleet.Silo.Inference;

namespace OrleansAiFleet.Silo.Tests.Inference;

/// <summary>Workers that find what a test says, by what stands in the picture's file.</summary>
internal sealed class WorkersOnStage : IPictureRouter
{
    /// <summary>Last pictures of each deployment.</summary>
    public ConcurrentDictionary<Guid, IReadOnlyList<PictureToInfer>> Asked { get; } = [];

    /// <summary>The workers that may look at each deployment's pictures; none: any.</summary>
    public ConcurrentDictionary<Guid, IReadOnlyCollection<string>> Among { get; } = [];

    /// <summary>What is found on a picture; by default a person and a helmet.</summary>
    public ConcurrentDictionary<Guid, Func<PictureToInfer, CancellationToken, Task<InferredPicture>>> Answers { get; } = [];

    public static InferredPicture Found { get; } = new()
    {
        Width = 640,
        Height = 480,
        Objects = [new(0, "person", 0.9f, 100, 50, 20, 40), new(1, "helmet", 0.6f, 105, 50, 10, 8)],
        QueueMilliseconds = 1,
        PreprocessMilliseconds = 2,
        InferMilliseconds = 3,
        PostprocessMilliseconds = 4,
    };

    public async Task<IReadOnlyList<InferredPicture>> InferAsync(
        IReadOnlyList<PictureToInfer> pictures, IReadOnlyCollection<string> among, CancellationToken cancellationToken)
    {
        var deployment = pictures[0].DeploymentId;
        Among[deployment] = among;
        Asked[deployment] = pictures;
        return Answers.TryGetValue(deployment, out var answer)
            ? await Task.WhenAll(pictures.Select(picture => answer(picture, cancellationToken)))
            : [.. pictures.Select(_ => Found)];
    }
}
