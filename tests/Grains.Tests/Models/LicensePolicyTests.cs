using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Grains.Tests.Models;

public sealed class LicensePolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, "DE", true)]
    [InlineData("", null, true)]
    [InlineData("# ask legal first", null, true)]
    [InlineData("only: NZ, AU", "NZ", true)]
    [InlineData("only: NZ, AU", "DE", false)]
    [InlineData("only: NZ, AU", null, false)]
    [InlineData("ONLY: nz", "NZ", true)]
    [InlineData("not: KP", "DE", true)]
    [InlineData("not: KP\nnot: IR", "IR", false)]
    [InlineData("only: NZ, KP\nnot: KP", "KP", false)]
    [InlineData("EAR99, no embargoed countries", "NZ", false)]
    [InlineData("only: XX", "NZ", false)]
    [InlineData("only:", "NZ", false)]
    public void Export_restriction_is_enforced_against_the_sites_country(string? text, string? country, bool allowed)
    {
        var judgement = Judge(Rows.Model() with { ExportRestrictions = text }, country: country);

        Assert.Equal(allowed, judgement.Refusals.Count == 0);
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(31, false, false)]
    [InlineData(30, true, false)]
    [InlineData(0, false, true)]
    [InlineData(-1, false, true)]
    public void Licence_that_ends_soon_warns_and_one_that_ended_refuses(int? days, bool warns, bool refuses)
    {
        var judgement = Judge(Rows.Model() with { LicenseExpiresAt = days is { } left ? Now.AddDays(left) : null });

        Assert.Equal((warns, refuses), (judgement.Warnings.Count > 0, judgement.Refusals.Count > 0));
    }

    [Theory]
    [InlineData(null, 1000, false, false)]
    [InlineData(10, 8, false, false)]
    [InlineData(10, 9, true, false)]
    [InlineData(10, 10, true, false)]
    [InlineData(10, 11, false, true)]
    public void Seats_that_run_out_warn_and_one_too_many_refuses(int? most, int seats, bool warns, bool refuses)
    {
        var judgement = Judge(Rows.Model() with { LicenseSeats = most }, seats);

        Assert.Equal((warns, refuses), (judgement.Warnings.Count > 0, judgement.Refusals.Count > 0));
    }

    private static LicenseJudgement Judge(AiModel model, int seats = 0, string? country = "DE") =>
        LicensePolicy.Judge(model, Rows.Site() with { CountryCode = country }, seats, Now);
}
