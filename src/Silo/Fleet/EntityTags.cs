using Microsoft.Net.Http.Headers;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>Row versions as HTTP entity tags: RFC 9110, 8.8.3 and 13.1.1.</summary>
internal static class EntityTags
{
    /// <summary>Says in the answer which version of the row it has.</summary>
    public static void SetETag(this HttpResponse response, string rowVersion) => response.Headers.ETag = $"\"{rowVersion}\"";

    /// <summary>Row versions that a change is meant for; null where the request says <c>*</c> or nothing.</summary>
    /// <exception cref="FleetRefusedException">The header cannot be read.</exception>
    public static string[]? ReadIfMatch(this HttpRequest request)
    {
        if (request.Headers.IfMatch is not { Count: > 0 } header)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags) || tags.Any(tag => tag.IsWeak))
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "If-Match", "If-Match must have ETags as a GET gave them, in their quotes, or *.");
        }

        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)) ? null : [.. tags.Select(tag => tag.Tag.Value!.Trim('"'))];
    }

    /// <summary>The same where a change without it could undo somebody else's.</summary>
    /// <exception cref="FleetRefusedException">There is none.</exception>
    public static string[]? DemandIfMatch(this HttpRequest request) => request.Headers.IfMatch.Count > 0
        ? request.ReadIfMatch()
        : throw new FleetRefusedException(
            RefusalKind.PreconditionRequired, "If-Match", "Send If-Match with the ETag of the version that you read, or * to change whatever is there.");
}
