using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;
using OrleansAiFleet.WebAdmin.Pages.Live;

namespace OrleansAiFleet.WebAdmin.Tests.Pages.Live;

public sealed class ShownTests
{
    [Theory]
    [InlineData(0, "now")]
    [InlineData(5, "5 s ago")]
    [InlineData(150, "2 min ago")]
    [InlineData(7200, "2 h ago")]
    public void Age_is_said_in_the_unit_that_fits(int seconds, string shown) =>
        Assert.Equal(shown, Shown.Ago(Health.Now.AddSeconds(-seconds), Health.Now));

    [Theory]
    [InlineData(4.26, "4.3 ms")]
    [InlineData(42.4, "42 ms")]
    [InlineData(12_340, "12.3 s")]
    public void Time_is_said_in_the_unit_that_fits(double milliseconds, string shown) =>
        Assert.Equal(shown, Shown.Milliseconds(milliseconds));

    [Fact]
    public void What_is_not_known_is_no_zero()
    {
        Assert.Equal("–", Shown.Milliseconds(null));
        Assert.Equal("never", Shown.Ago(null, Health.Now));
    }

    [Fact]
    public void Every_state_grade_level_and_reason_has_words_of_its_own()
    {
        AssertDistinct(Enum.GetValues<StreamState>().Select(state => Mark.Of(state).Text));
        AssertDistinct(Enum.GetValues<CameraGrade>().Select(grade => Mark.Of(grade).Text));
        AssertDistinct(Enum.GetValues<HealthLevel>().Select(level => Mark.Of(level).Text));
        AssertDistinct(Enum.GetValues<SkipReason>().Select(Shown.Reason));
    }

    [Fact]
    public void Worker_that_does_not_answer_is_shown_as_such()
    {
        var rows = SiloRow.Of(Health.With() with { Workers = [] });

        Assert.True(rows[0].IsSilent);
        Assert.False(rows[1].IsSilent);
    }

    [Fact]
    public void Figures_sum_up_the_cameras()
    {
        var figures = FleetFigures.Of(Health.With(Health.Camera("Gate"), Health.Camera("Crane", StreamState.Reconnecting)));

        Assert.Equal(new FleetFigures(1, 2, 10, 2_468, 85, 1, 1), figures);
    }

    private static void AssertDistinct(IEnumerable<string> texts)
    {
        var all = texts.ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
    }
}
