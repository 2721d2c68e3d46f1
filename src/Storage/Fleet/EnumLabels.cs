using System.Text.Json;
using Npgsql;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Spells an enum's values in PostgreSQL as the fleet's JSON does: one spelling everywhere.</summary>
internal sealed class EnumLabels(Type type) : INpgsqlNameTranslator
{
    private readonly Dictionary<string, string> _labels = Enum.GetValues(type)
        .Cast<object>()
        .ToDictionary(
            value => Enum.GetName(type, value)!,
            value => JsonSerializer.SerializeToElement(value, type, OrleansAiFleet.Fleet.FleetJson.Options).GetString()!);

    public string TranslateTypeName(string clrName) => JsonNamingPolicy.SnakeCaseLower.ConvertName(clrName);

    public string TranslateMemberName(string clrName) => _labels[clrName];
}
