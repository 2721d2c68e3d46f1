using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Which aliases there may be and what they may name. Pure.</summary>
internal static class ModelAliasPolicy
{
    /// <summary>What is wrong with the alias itself, or null.</summary>
    public static Refusal? Judge(Guid key, ModelAlias alias) => Refusal.First(
        Field.Key(key, alias.Id),
        Field.Required("name", alias.Name, 255),
        Name(alias.Alias),
        ModelKeys.OfAlias(alias.Name, alias.SiteId, alias.Alias) == key
            ? null
            : Refusal.Invalid("id", "The id is not that of this alias."));

    /// <summary>What is wrong with it given what it is to name, or null.</summary>
    /// <param name="alias">The alias, itself in order.</param>
    /// <param name="model">The version, or null where there is none.</param>
    /// <param name="inProduction">Deployments that follow it and are more than a trial.</param>
    public static Refusal? Judge(ModelAlias alias, AiModel? model, IReadOnlyList<string> inProduction)
    {
        if (model is null)
        {
            return Refusal.NotFound("model_id", $"There is no model {alias.ModelId:D}.");
        }

        if (model.Name != alias.Name)
        {
            return Refusal.Invalid("model_id", $"The version is one of {model.Name}, the alias one of {alias.Name}.");
        }

        if (model.Status == ModelStatus.Archived)
        {
            return Refusal.Conflict("model_id", $"{model.Name} {model.Version} is archived: restore it, or name another version.");
        }

        return inProduction.Count > 0 && !ModelLifecycle.IsReleased(model)
            ? Refusal.Conflict(
                "model_id",
                $"{model.Name} {model.Version} is not approved, and deployment '{inProduction[0]}' follows @{alias.Alias} in production: "
                + "have the version approved first.")
            : null;
    }

    private static Refusal? Name(string alias) =>
        alias is [>= 'a' and <= 'z', ..] && alias.Length <= 50
        && alias.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_')
            ? null
            : Refusal.Invalid("alias", "An alias is 1 to 50 lower-case letters, digits, - or _, a letter first: champion.");
}
