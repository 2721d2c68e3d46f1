using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>An upload that arrives piece by piece.</summary>
/// <param name="Id">Which.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Length">Bytes that it will have.</param>
/// <param name="Received">Bytes that are here.</param>
/// <param name="Metadata">What its sender says of it: an object of texts.</param>
/// <param name="ExpiresAt">When it is given up unless another piece comes.</param>
public sealed record PendingUpload(Guid Id, Guid UserId, long Length, long Received, JsonText Metadata, DateTimeOffset ExpiresAt)
{
    /// <summary>Whether all of it is here.</summary>
    public bool IsWhole => Received == Length;
}
