using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>What a configuration's numbers must be before a worker is asked: what JSON, columns and tensors can hold. Pure.</summary>
internal static class ConfigurationCheck
{
    /// <exception cref="FleetRefusedException">A number is none, or too large.</exception>
    public static ModelConfiguration Demand(ModelConfiguration configuration)
    {
        Demand("nms_iou", [configuration.NmsIou ?? 0], 1);
        Demand("confidence_threshold", [configuration.ConfidenceThreshold ?? 0], 1);
        Demand("mean", configuration.Mean ?? [], float.MaxValue, float.MinValue);
        Demand("scale", configuration.Scale ?? [], float.MaxValue, float.MinValue);
        return configuration;
    }

    private static void Demand(string member, double[] numbers, double most, double least = 0)
    {
        if (!Array.TrueForAll(numbers, number => number >= least && number <= most))
        {
            throw new FleetRefusedException(
                RefusalKind.Invalid, $"configuration.{member}", FormattableString.Invariant($"configuration.{member} must be {least:G3} to {most:G3}."));
        }
    }
}
