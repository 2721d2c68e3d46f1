using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>The same change of several model versions.</summary>
public sealed record BulkUpdateRequest
{
    [Required, MinLength(1), MaxLength(200)]
    public Guid[] Ids { get; init; } = [];

    [Description("Columns and their new values, as for PUT of one version; configuration is laid over each version's own.")]
    public JsonElement Fields { get; init; }

    [Description("Judge alone, change nothing.")]
    public bool DryRun { get; init; }
}

/// <summary>What became of one version of a bulk update.</summary>
/// <param name="Id">Which.</param>
/// <param name="Changed">Whether it was changed, or would be.</param>
/// <param name="RowVersion">Its row version now.</param>
/// <param name="Field">The field at fault, or null.</param>
/// <param name="Detail">Why it was not changed, or null.</param>
public sealed record BulkUpdateResult(Guid Id, bool Changed, string? RowVersion, string? Field, string? Detail);

/// <summary>What became of a bulk update: all that were asked for were judged before any was changed.</summary>
/// <param name="Applied">False where one was refused, or nothing was to be changed.</param>
/// <param name="Results">One per version.</param>
public sealed record BulkUpdateAnswer(bool Applied, BulkUpdateResult[] Results);

/// <summary>Changes several versions: judges all, and changes them only where none is refused.</summary>
internal sealed class BulkUpdate(ModelChange change)
{
    /// <summary>Versions that are looked at together; each may be tried on a worker.</summary>
    private const int AtATime = 8;

    public async Task<BulkUpdateAnswer> ApplyAsync(BulkUpdateRequest request, Guid by, CancellationToken cancellationToken)
    {
        var ids = request.Ids.Distinct().ToArray();
        var judged = await EachAsync(ids, id => change.ApplyAsync(id, request.Fields, by, ifMatch: null, cancellationToken, dryRun: true));
        if (request.DryRun || judged.Any(result => result.Detail is not null))
        {
            return new(false, judged);
        }

        // Whoever changes one of them in between is not overwritten: that one is reported.
        var versions = judged.ToDictionary(result => result.Id, result => result.RowVersion!);
        return new(true, await EachAsync(ids, id => change.ApplyAsync(id, request.Fields, by, [versions[id]], cancellationToken)));
    }

    private static async Task<BulkUpdateResult[]> EachAsync(Guid[] ids, Func<Guid, Task<StoredModel>> work)
    {
        var results = new List<BulkUpdateResult>(ids.Length);
        foreach (var some in ids.Chunk(AtATime))
        {
            results.AddRange(await Task.WhenAll(some.Select(id => TryAsync(id, work))));
        }

        return [.. results];
    }

    private static async Task<BulkUpdateResult> TryAsync(Guid id, Func<Guid, Task<StoredModel>> work)
    {
        try
        {
            var stored = await work(id);
            return new(id, true, stored.RowVersion, null, null);
        }
        catch (FleetRefusedException refused) when (refused.Kind is not RefusalKind.Unavailable)
        {
            return new(id, false, null, refused.Field, refused.Message);
        }
        catch (RowConflictException conflict)
        {
            return new(id, false, conflict.Stored, null, conflict.Message);
        }
    }
}
