namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>
/// COCO's detection metrics, 0 to 1, or -1 where nothing is defined (no annotated object that counts).
/// AP averages precision over IoU 0.50 to 0.95 in steps of 0.05, over 101 recall levels and over classes; AR averages
/// the recall reached with so many detections per picture and class.
/// </summary>
public sealed record CocoMetrics
{
    /// <summary>AP, at most 100 detections.</summary>
    public required double Ap { get; init; }

    /// <summary>AP at IoU 0.50.</summary>
    public required double Ap50 { get; init; }

    /// <summary>AP at IoU 0.75.</summary>
    public required double Ap75 { get; init; }

    /// <summary>AP of objects up to 32² square pixels.</summary>
    public required double ApSmall { get; init; }

    /// <summary>AP of objects from 32² to 96² square pixels.</summary>
    public required double ApMedium { get; init; }

    /// <summary>AP of objects from 96² square pixels.</summary>
    public required double ApLarge { get; init; }

    /// <summary>AR with 1 detection.</summary>
    public required double Ar1 { get; init; }

    /// <summary>AR with 10 detections.</summary>
    public required double Ar10 { get; init; }

    /// <summary>AR with 100 detections.</summary>
    public required double Ar100 { get; init; }

    /// <summary>AR with 100 detections of objects up to 32² square pixels.</summary>
    public required double ArSmall { get; init; }

    /// <summary>AR with 100 detections of objects from 32² to 96² square pixels.</summary>
    public required double ArMedium { get; init; }

    /// <summary>AR with 100 detections of objects from 96² square pixels.</summary>
    public required double ArLarge { get; init; }

    /// <summary>AR with 300 detections.</summary>
    public required double Ar300 { get; init; }

    /// <summary>AR with 1000 detections.</summary>
    public required double Ar1000 { get; init; }

    /// <summary>Per class, by class id.</summary>
    public required IReadOnlyList<CocoClassMetrics> Classes { get; init; }
}

/// <summary>The metrics of one class: see <see cref="CocoMetrics"/>.</summary>
public sealed record CocoClassMetrics(int ClassId, double Ap, double Ap50, double Ap75, double Ar100);
