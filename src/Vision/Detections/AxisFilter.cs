namespace OrleansAiFleet.Vision.Detections;

/// <summary>
/// Kalman filter of one coordinate that moves at nearly constant velocity (white-noise acceleration). A box is four of
/// these: with diagonal noises the usual filter of eight states falls apart into them exactly.
/// </summary>
/// <param name="position">First measured position.</param>
/// <param name="deviation">Standard deviation of a measurement.</param>
/// <param name="speedDeviation">Standard deviation of the unknown first velocity, per second.</param>
internal struct AxisFilter(float position, float deviation, float speedDeviation)
{
    private float _positionVariance = deviation * deviation;
    private float _velocityVariance = speedDeviation * speedDeviation;
    private float _covariance = 0;

    public float Position { get; private set; } = position;

    /// <summary>Per second.</summary>
    public float Velocity { get; private set; } = 0;

    /// <summary>Moves on.</summary>
    /// <param name="seconds">Since the last step.</param>
    /// <param name="acceleration">Standard deviation that the velocity gains in one second.</param>
    public void Predict(float seconds, float acceleration)
    {
        var power = acceleration * acceleration;
        Position += Velocity * seconds;
        _positionVariance += seconds * ((2 * _covariance) + (seconds * (_velocityVariance + (power * seconds / 3))));
        _covariance += seconds * (_velocityVariance + (power * seconds / 2));
        _velocityVariance += power * seconds;
    }

    /// <summary>Takes a measurement in.</summary>
    public void Correct(float measured, float deviation)
    {
        var total = _positionVariance + (deviation * deviation);
        var (gain, velocityGain) = (_positionVariance / total, _covariance / total);
        var surprise = measured - Position;
        Position += gain * surprise;
        Velocity += velocityGain * surprise;
        _velocityVariance -= velocityGain * _covariance;
        _positionVariance *= 1 - gain;
        _covariance *= 1 - gain;
    }

    /// <summary>Stands still from here on.</summary>
    public void Stop()
    {
        Velocity = 0;
        _covariance = 0;
    }
}
