namespace OrleansAiFleet.Vision.Cameras;

/// <summary>
/// Says whether something moves, from the Y plane alone. One per camera, not for two threads at a time. After Frigate's
/// improved motion detector: the picture made small (100 rows, area average) and blurred, the difference to a running
/// average stretched as the picture's contrast allows, cut at a threshold, grown by one pixel and split into connected
/// areas; an area above the minimum moves.
/// <para>
/// Where it goes its own way: the running average is kept before the stretching and the difference stretched, so a drift
/// of contrast is no motion and nothing is lost to clipping; the stretching is bounded, so noise in fog is no motion
/// either; a jump of light (more than 80 % changed) starts the background anew from that frame; calibration ends after
/// 50 frames even where it never gets quiet.
/// </para>
/// <para>
/// While calibrating nothing counts as motion. A caller that must not miss a thing lets those frames through:
/// <see cref="MotionVerdict.Calibrating"/> says so. Deterministic; allocates on the first frame and on one of another
/// size, which both start over.
/// </para>
/// </summary>
public sealed class MotionGate(MotionSettings settings)
{
    /// <summary>Share of the picture above which light has jumped rather than something moved.</summary>
    private const double LightJump = 0.8;

    /// <summary>Share of the picture, and count of areas, up to which the background counts as learnt.</summary>
    private const double QuietShare = 0.05;
    private const int QuietAreas = 4;

    /// <summary>A place that is never quiet would otherwise never be watched.</summary>
    private const int MostCalibrationFrames = 50;

    /// <summary>Frames that motion has to last before the background starts to take it in.</summary>
    private const int FramesBeforeAbsorption = 10;

    private const float Rate = 0.01f;
    private const float CalibrationRate = 0.2f;

    private readonly ContrastWindow _contrast = new();
    private SmallPicture? _picture;
    private MotionBackground? _background;
    private ChangedAreas? _areas;
    private int _calibrationFrames;
    private bool _calibrating;
    private int _movingFrames;

    /// <summary>Looks at the next frame of the camera.</summary>
    /// <param name="luma">Y plane, tightly packed.</param>
    /// <param name="width">At least 1.</param>
    /// <param name="height">At least 1.</param>
    /// <exception cref="ArgumentException">The plane is shorter than its size says, or empty.</exception>
    public MotionVerdict Observe(ReadOnlySpan<byte> luma, int width, int height)
    {
        if (width < 1 || height < 1 || luma.Length < width * height)
        {
            throw new ArgumentException($"{luma.Length} bytes are no luma plane of {width}x{height}.", nameof(luma));
        }

        if (_picture is null || !_picture.Fits(width, height))
        {
            Prepare(width, height);
            _picture!.Take(luma);
            StartOver();
            return new MotionVerdict(Moving: false, ChangedShare: 0, Calibrating: true);
        }

        _picture.Take(luma);
        _contrast.Add(_picture.Pixels);
        _background!.Difference(_picture.Pixels, _contrast, settings.Threshold, _areas!.Mask);
        return Judge(_areas.Find(settings.MinimumAreaPercent / 100));
    }

    private MotionVerdict Judge(AreaCount seen)
    {
        if (seen.Share > LightJump)
        {
            StartOver();
            return new MotionVerdict(Moving: false, seen.Share, Calibrating: true);
        }

        var isQuiet = seen.Share < QuietShare && seen.Areas <= QuietAreas;
        _calibrating = _calibrating && !isQuiet && ++_calibrationFrames < MostCalibrationFrames;
        _movingFrames = seen.Areas > 0 ? _movingFrames + 1 : 0;
        if (_calibrating)
        {
            _background!.Learn(_picture!.Pixels, CalibrationRate);
        }
        else if (_movingFrames is 0 or >= FramesBeforeAbsorption)
        {
            _background!.Learn(_picture!.Pixels, Rate);
        }

        return new MotionVerdict(seen.Areas > 0 && !_calibrating, seen.Share, _calibrating);
    }

    private void Prepare(int width, int height)
    {
        _picture = new SmallPicture(width, height);
        _background = new MotionBackground(_picture.Pixels.Length);
        _areas = new ChangedAreas(_picture.Width, _picture.Height);
    }

    private void StartOver()
    {
        _contrast.Restart(_picture!.Pixels);
        _background!.Learn(_picture.Pixels, rate: 1);
        (_calibrating, _calibrationFrames, _movingFrames) = (true, 0, 0);
    }
}

/// <summary>See <see cref="MotionGate"/>.</summary>
/// <param name="Threshold">Luma change that counts, 1 to 255.</param>
/// <param name="MinimumAreaPercent">Smallest moving area that counts, percent of the picture.</param>
public sealed record MotionSettings(int Threshold = 30, double MinimumAreaPercent = 0.1);

/// <summary>What the gate saw.</summary>
/// <param name="Moving">True lets the frame through.</param>
/// <param name="ChangedShare">Share of the picture that changed, 0 to 1.</param>
/// <param name="Calibrating">True while the background is still being learnt, at the start and after a jump of light.</param>
public readonly record struct MotionVerdict(bool Moving, double ChangedShare, bool Calibrating);
