using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class MotionGateTests
{
    private readonly Scene _scene = new();
    private readonly MotionGate _gate = new(new MotionSettings());

    [Fact]
    public void First_frame_calibrates_and_a_quiet_second_ends_it()
    {
        Assert.Equal(new MotionVerdict(false, 0, true), Observe(_scene.Empty()));
        Assert.Equal(new MotionVerdict(false, 0, false), Observe(_scene.Empty()));
    }

    [Fact]
    public void Static_scene_never_moves()
    {
        Settle();
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(new MotionVerdict(false, 0, false), Observe(_scene.Empty())));
    }

    [Fact]
    public void Noise_is_no_motion()
    {
        Settle();
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(Observe(_scene.Empty(noise: 25)).Moving));
    }

    [Fact]
    public void Noise_in_fog_is_no_motion()
    {
        var random = new Random(5);
        var verdicts = Enumerable.Range(0, 100).Select(_ =>
        {
            var luma = new byte[_scene.Width * _scene.Height];
            for (var i = 0; i < luma.Length; i++)
            {
                luma[i] = (byte)(150 + random.Next(-6, 7));
            }

            return Observe(luma);
        });
        Assert.All(verdicts.ToArray(), static verdict => Assert.False(verdict.Moving));
    }

    [Fact]
    public void Moving_square_moves_in_every_frame()
    {
        Settle();
        for (var x = 0; x < 280; x += 7)
        {
            var verdict = Observe(_scene.WithSquare(x, 100, 20, noise: 5));
            Assert.True(verdict.Moving, $"at {x}: {verdict}");
            Assert.InRange(verdict.ChangedShare, 0.5 * 20 * 20 / (320 * 180.0), 3.0 * 20 * 20 / (320 * 180.0));
        }
    }

    [Fact]
    public void Square_below_the_minimum_area_does_not_count()
    {
        var coarse = new MotionGate(new MotionSettings(MinimumAreaPercent: 2));
        coarse.Observe(_scene.Empty(), 320, 180);
        coarse.Observe(_scene.Empty(), 320, 180);
        var verdict = coarse.Observe(_scene.WithSquare(100, 100, 20), 320, 180);
        Assert.False(verdict.Moving);
        Assert.True(verdict.ChangedShare > 0);
        Assert.True(coarse.Observe(_scene.WithSquare(100, 60, 60), 320, 180).Moving);
    }

    [Fact]
    public void Change_below_the_threshold_does_not_count()
    {
        Settle();
        Assert.False(Observe(_scene.WithSquare(125, 100, 12, level: 70)).Moving);
        Assert.True(Observe(_scene.WithSquare(125, 100, 12, level: 140)).Moving);
    }

    [Fact]
    public void Light_switched_off_is_no_motion_and_calibrates_anew()
    {
        Settle();
        var switched = Observe(_scene.Empty(gain: 0.3));
        Assert.False(switched.Moving);
        Assert.True(switched.Calibrating);
        Assert.True(switched.ChangedShare > 0.8);
        Assert.Equal(new MotionVerdict(false, 0, false), Observe(_scene.Empty(gain: 0.3)));
    }

    [Fact]
    public void Flash_of_one_frame_is_no_motion()
    {
        Settle();
        Assert.False(Observe(_scene.Empty(gain: 3)).Moving);
        Assert.False(Observe(_scene.Empty()).Moving);
        Assert.Equal(new MotionVerdict(false, 0, false), Observe(_scene.Empty()));
    }

    [Fact]
    public void Light_fading_as_at_dusk_is_no_motion()
    {
        const double Fading = 0.8 / (20 * 60 * 5); // four fifths in twenty minutes, five frames a second
        _gate.Observe(_scene.Empty(gain: 0.4), _scene.Width, _scene.Height);
        for (var frame = 0; frame < 1000; frame++)
        {
            Assert.False(Observe(_scene.Empty(gain: 0.4 - (frame * Fading))).Moving);
        }
    }

    [Fact]
    public void Object_left_behind_is_taken_in_but_not_before_ten_frames()
    {
        Settle();
        var verdicts = Enumerable.Range(0, 400).Select(_ => Observe(_scene.WithSquare(100, 100, 30)).Moving).ToArray();
        Assert.All(verdicts[..50], Assert.True);
        Assert.All(verdicts[300..], Assert.False);
        Assert.True(Observe(_scene.WithSquare(200, 100, 30)).Moving);
    }

    [Fact]
    public void Object_that_stays_less_than_ten_frames_leaves_no_trace()
    {
        Settle();
        for (var frame = 0; frame < 9; frame++)
        {
            Assert.True(Observe(_scene.WithSquare(100, 100, 30)).Moving);
        }

        Assert.Equal(new MotionVerdict(false, 0, false), Observe(_scene.Empty()));
    }

    [Fact]
    public void Calibration_ends_even_where_it_never_gets_quiet()
    {
        var verdicts = Enumerable.Range(0, 60).Select(frame => Observe(_scene.WithSquare(frame % 2 * 160, 40, 100))).ToArray();
        Assert.True(verdicts[10].Calibrating);
        Assert.All(verdicts[51..], static verdict => Assert.False(verdict.Calibrating));
        Assert.Contains(verdicts[51..], static verdict => verdict.Moving);
    }

    [Fact]
    public void Another_picture_size_starts_over()
    {
        Settle();
        var larger = new Scene(640, 360);
        Assert.True(_gate.Observe(larger.Empty(), 640, 360).Calibrating);
        Assert.False(_gate.Observe(larger.Empty(), 640, 360).Calibrating);
        Assert.True(_gate.Observe(larger.WithSquare(300, 200, 50), 640, 360).Moving);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 300)]
    [InlineData(300, 2)]
    [InlineData(30, 1030)]
    [InlineData(4000, 60)]
    [InlineData(8, 60000)]
    public void Any_picture_size_is_looked_at(int width, int height)
    {
        var dark = new byte[width * height];
        var bright = dark.Select(static _ => (byte)255).ToArray();
        _gate.Observe(dark, width, height);
        Assert.Equal(0, _gate.Observe(dark, width, height).ChangedShare);
        Assert.Equal(1, _gate.Observe(bright, width, height).ChangedShare);
    }

    [Fact]
    public void Observing_allocates_nothing_after_the_first_frame()
    {
        var luma = _scene.WithSquare(10, 100, 30);
        Settle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var frame = 0; frame < 20; frame++)
        {
            _gate.Observe(luma, 320, 180);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Plane_shorter_than_its_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => _gate.Observe(new byte[99], 10, 10));

    private void Settle()
    {
        Observe(_scene.Empty());
        Assert.False(Observe(_scene.Empty()).Calibrating);
    }

    private MotionVerdict Observe(byte[] luma) => _gate.Observe(luma, _scene.Width, _scene.Height);
}
