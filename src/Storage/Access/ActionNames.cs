using System.Collections.Frozen;
using System.Text.Json;
using OrleansAiFleet.Access;

namespace OrleansAiFleet.Storage.Access;

/// <summary>Actions as rows and the API spell them: <c>read_models</c>. Pure.</summary>
public static class ActionNames
{
    private static readonly FrozenDictionary<string, AccessAction> ByName =
        Enum.GetValues<AccessAction>().ToFrozenDictionary(NameOf);

    /// <summary>An action's name.</summary>
    public static string NameOf(AccessAction action) => JsonNamingPolicy.SnakeCaseLower.ConvertName(action.ToString());

    /// <summary>The actions of these names. A name that is none gives nothing: less is allowed, never more.</summary>
    public static IReadOnlySet<AccessAction> Parse(IEnumerable<string> names) =>
        names.Where(ByName.ContainsKey).Select(name => ByName[name]).ToFrozenSet();
}
