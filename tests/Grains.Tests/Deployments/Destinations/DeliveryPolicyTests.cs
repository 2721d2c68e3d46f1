using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Grains.Tests.Deployments.Destinations;

public sealed class DeliveryPolicyTests
{
    private static readonly DestinationOptions Options = new()
    {
        ShortestBackoff = TimeSpan.FromSeconds(1),
        LongestBackoff = TimeSpan.FromSeconds(60),
        CircuitFailures = 5,
        CircuitOpen = TimeSpan.FromSeconds(10),
        RefusalsUntilDead = 3,
    };

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(4, 1, 8)]
    [InlineData(4, 0.5, 4)]
    [InlineData(4, 0, 0)]
    [InlineData(7, 1, 60)]
    [InlineData(1000, 1, 60)]
    [InlineData(5, 0, 10)]
    [InlineData(1000, 0.5, 30)]
    public void Wait_doubles_up_to_its_longest_and_is_drawn_below(int failures, double chance, double seconds) =>
        Assert.Equal(seconds, DeliveryPolicy.Backoff(failures, null, Options, chance).TotalSeconds);

    [Theory]
    [InlineData(1, 20, 20)]
    [InlineData(1, 3600, 60)]
    [InlineData(6, 20, 32)]
    public void What_the_receiver_asks_for_is_kept_to_within_the_longest(int failures, int asked, double seconds) =>
        Assert.Equal(seconds, DeliveryPolicy.Backoff(failures, TimeSpan.FromSeconds(asked), Options, 1).TotalSeconds);

    [Fact]
    public void Wait_is_never_negative_nor_beyond_the_longest()
    {
        foreach (var failures in Enumerable.Range(1, 100))
        {
            foreach (var chance in (double[])[0, 0.25, 0.999])
            {
                Assert.InRange(DeliveryPolicy.Backoff(failures, TimeSpan.FromDays(9), Options, chance), TimeSpan.Zero, Options.LongestBackoff);
            }
        }
    }

    [Theory]
    [InlineData(0, false, CircuitState.Closed)]
    [InlineData(4, true, CircuitState.Closed)]
    [InlineData(5, true, CircuitState.Open)]
    [InlineData(5, false, CircuitState.HalfOpen)]
    public void Circuit_opens_after_so_many_failures_in_a_row(int failures, bool waits, CircuitState state) =>
        Assert.Equal(state, DeliveryPolicy.CircuitOf(failures, waits, Options));

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Message_is_given_up_after_so_many_refusals(int refusals, bool isGivenUp) =>
        Assert.Equal(isGivenUp, DeliveryPolicy.IsGivenUp(refusals, Options));

    [Fact]
    public void Usual_options_fit_together() => Assert.Empty(Faults(new()));

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Options_that_do_not_fit_are_refused_by_name(DestinationOptions options, string name) =>
        Assert.Contains(name, Assert.Single(Faults(options)).ErrorMessage, StringComparison.Ordinal);

    public static TheoryData<DestinationOptions, string> Misfits() => new()
    {
        { new() { Networks = ["10.0.0.0/8", "home"] }, "Networks" },
        { new() { FileRoot = "below" }, "FileRoot" },
        { new() { AuthoritiesFile = "below.pem" }, "AuthoritiesFile" },
        { new() { Lease = TimeSpan.FromSeconds(12) }, "Lease" },
        { new() { ShortestBackoff = TimeSpan.FromMinutes(6) }, "ShortestBackoff" },
    };

    private static IEnumerable<ValidationResult> Faults(DestinationOptions options) => options.Validate(new(options));
}
