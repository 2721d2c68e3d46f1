namespace OrleansAiFleet.Cameras;

/// <summary>Reads what every camera should be doing, out of the cameras, active deployments and models.</summary>
public interface ICameraPlanReader
{
    /// <summary>One plan per enabled camera that at least one active deployment looks at; the same list while nothing changed.</summary>
    Task<IReadOnlyList<CameraPlan>> ReadWantedAsync(CancellationToken cancellationToken);
}
