using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>An enum value in a query string, spelled as in bodies: <c>object_detection</c>.</summary>
public readonly record struct Named<T>(T Value)
    where T : struct, Enum
{
    // ASP.NET looks for the method here, by this name.
#pragma warning disable CA1000
    /// <summary>Reads a name; numbers are not taken.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Named<T> named)
#pragma warning restore CA1000
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()).Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                named = new(value);
                return true;
            }
        }

        named = default;
        return false;
    }
}
