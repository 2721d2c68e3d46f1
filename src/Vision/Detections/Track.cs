using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>One object followed over the frames: where it is, how it moves, when it was seen.</summary>
internal sealed class Track
{
    // Relative to the object's longer side: a detector's box wavers by about a twentieth, and a first velocity of two
    // sizes a second and a gain of one a second cover walking people and slow traffic.
    private const float MeasurementDeviation = 0.05f;
    private const float FirstSpeedDeviation = 2f;
    private const float Acceleration = 1f;

    // Coordinates are shares of the picture; this makes a share of its height one of its width.
    private const float PictureAspect = 9f / 16;

    private const float LeastSide = 1e-4f;

    private AxisFilter _x;
    private AxisFilter _y;
    private AxisFilter _width;
    private AxisFilter _height;

    /// <summary>Null until confirmed.</summary>
    public long? Id { get; set; }

    public int ClassId { get; private set; }

    /// <summary>Frames in which it was found.</summary>
    public int Matches { get; private set; }

    public DateTimeOffset LastSeen { get; private set; }

    /// <summary>Not found in the last frame.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Where it is expected now.</summary>
    public ObjectBox Box => new(
        ClassId, 0, _x.Position - (Width / 2), _y.Position - (Height / 2), Width, Height);

    private float Width => MathF.Max(_width.Position, LeastSide);

    private float Height => MathF.Max(_height.Position, LeastSide);

    /// <summary>Starts over with a new object.</summary>
    public void Start(in ObjectBox box, DateTimeOffset time)
    {
        var (sizeX, sizeY) = Sizes(box.Width, box.Height);
        _x = new AxisFilter(box.X + (box.Width / 2), sizeX * MeasurementDeviation, sizeX * FirstSpeedDeviation);
        _y = new AxisFilter(box.Y + (box.Height / 2), sizeY * MeasurementDeviation, sizeY * FirstSpeedDeviation);
        _width = new AxisFilter(box.Width, sizeX * MeasurementDeviation, sizeX * FirstSpeedDeviation);
        _height = new AxisFilter(box.Height, sizeY * MeasurementDeviation, sizeY * FirstSpeedDeviation);
        (Id, ClassId, Matches, LastSeen, IsLost) = (null, box.ClassId, 1, time, false);
    }

    /// <summary>Moves to the next frame.</summary>
    public void Predict(float seconds)
    {
        if (IsLost)
        {
            // Unseen, an object goes on, but does not go on growing.
            _width.Stop();
            _height.Stop();
        }

        var (sizeX, sizeY) = Sizes(Width, Height);
        _x.Predict(seconds, sizeX * Acceleration);
        _y.Predict(seconds, sizeY * Acceleration);
        _width.Predict(seconds, sizeX * Acceleration);
        _height.Predict(seconds, sizeY * Acceleration);
    }

    /// <summary>Found in this frame.</summary>
    public void Match(in ObjectBox box, DateTimeOffset time)
    {
        var (sizeX, sizeY) = Sizes(Width, Height);
        _x.Correct(box.X + (box.Width / 2), sizeX * MeasurementDeviation);
        _y.Correct(box.Y + (box.Height / 2), sizeY * MeasurementDeviation);
        _width.Correct(box.Width, sizeX * MeasurementDeviation);
        _height.Correct(box.Height, sizeY * MeasurementDeviation);
        Matches++;
        (LastSeen, IsLost) = (time, false);
    }

    /// <summary>Not found in this frame.</summary>
    public void Miss() => IsLost = true;

    /// <summary>After the clock went back: remembered no longer than from now on.</summary>
    public void SeenNoLaterThan(DateTimeOffset time) => LastSeen = time < LastSeen ? time : LastSeen;

    // The longer side, as a share of the picture's width and of its height.
    private static (float X, float Y) Sizes(float width, float height) =>
        (MathF.Max(width, height * PictureAspect), MathF.Max(height, width / PictureAspect));
}
