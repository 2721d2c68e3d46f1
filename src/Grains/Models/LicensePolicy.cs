using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Models;

/// <summary>Whether a licence lets a model version work at a site: its end, its seats and the countries it may go to. Pure.</summary>
internal static class LicensePolicy
{
    // Long enough to buy a new one.
    private static readonly TimeSpan WarnBeforeEnd = TimeSpan.FromDays(30);
    private const decimal WarnAtShareOfSeats = 0.9m;

    /// <summary>What speaks against it.</summary>
    /// <param name="model">The version.</param>
    /// <param name="site">Where it is to work.</param>
    /// <param name="seats">Cameras that run a version of this name, these included.</param>
    /// <param name="now">Now.</param>
    public static LicenseJudgement Judge(AiModel model, Site site, int seats, DateTimeOffset now)
    {
        List<string> refusals = [];
        List<string> warnings = [];
        if (ExportRestriction.Parse(model.ExportRestrictions).Refuses(site.CountryCode) is { } forbidden)
        {
            refusals.Add($"{model.Name} {model.Version} may not go to site '{site.Name}': {forbidden}");
        }

        if (model.LicenseExpiresAt is { } end)
        {
            (end <= now ? refusals : end - now <= WarnBeforeEnd ? warnings : null)?.Add(
                $"The licence of {model.Name} {model.Version} {(end <= now ? "ended" : "ends")} on {end:yyyy-MM-dd}.");
        }

        if (model.LicenseSeats is { } most)
        {
            (seats > most ? refusals : seats >= most * WarnAtShareOfSeats ? warnings : null)?.Add(
                $"The licence of {model.Name} {model.Version} is for {most} cameras; with these it would run on {seats}.");
        }

        return new(refusals, warnings);
    }

    /// <summary>The first refusal as the answer to a deployment that nobody overrode.</summary>
    public static Refusal? ToRefusal(LicenseJudgement judgement) => judgement.Refusals is [var first, ..]
        ? Refusal.Conflict("model_id", first + " Whoever may override it gives the reason in license_override.")
        : null;
}

/// <summary>What a licence says to a deployment.</summary>
/// <param name="Refusals">Why not, as sentences.</param>
/// <param name="Warnings">What will be a refusal before long.</param>
internal sealed record LicenseJudgement(IReadOnlyList<string> Refusals, IReadOnlyList<string> Warnings);
