using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // The registry's own, beside the customer's columns

    /// <summary><c>changelog</c>: what is new against the version before, in the uploader's words.</summary>
    [Id(101)]
    public string? Changelog { get; init; }

    /// <summary><c>source_url</c>: where the file was fetched from; null for an upload.</summary>
    [Id(102)]
    public string? SourceUrl { get; init; }

    /// <summary><c>configuration_revision</c>: counts the configurations that this version has had, from 1.</summary>
    [Id(103)]
    public int ConfigurationRevision { get; init; } = 1;

    /// <summary><c>validation</c>: the <see cref="ModelInspection"/> of the file, without its pictures.</summary>
    [Id(104)]
    public JsonText? Validation { get; init; }

    /// <summary><c>decisions</c>: who moved it where and why, oldest first; the last <see cref="MostDecisions"/>. The audit trail has all.</summary>
    [Id(105)]
    public ModelDecision[] Decisions { get; init; } = [];

    /// <summary><c>attached_files</c>: documentation, and pictures on which the model was tried.</summary>
    [Id(106)]
    public AttachedFile[] AttachedFiles { get; init; } = [];

    /// <summary><c>license_expires_at</c>: from then on nothing new is deployed; null for no end.</summary>
    [Id(107)]
    public DateTimeOffset? LicenseExpiresAt { get; init; }

    /// <summary><c>license_seats</c>: cameras that may run it at a time; null for any number.</summary>
    [Id(108)]
    public int? LicenseSeats { get; init; }

    /// <summary>Most decisions kept on the row.</summary>
    public const int MostDecisions = 200;
}
