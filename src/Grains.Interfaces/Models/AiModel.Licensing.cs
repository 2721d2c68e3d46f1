using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Licensing and compliance

    /// <summary><c>license_type</c>.</summary>
    [Id(48)]
    public string? LicenseType { get; init; }

    /// <summary><c>license_restrictions</c>.</summary>
    [Id(49)]
    public string? LicenseRestrictions { get; init; }

    /// <summary><c>compliance_certifications</c>.</summary>
    [Id(50)]
    public JsonText? ComplianceCertifications { get; init; }

    /// <summary><c>regulatory_approvals</c>.</summary>
    [Id(51)]
    public JsonText? RegulatoryApprovals { get; init; }

    /// <summary><c>export_restrictions</c>.</summary>
    [Id(52)]
    public string? ExportRestrictions { get; init; }

    /// <summary><c>intellectual_property_notes</c>.</summary>
    [Id(53)]
    public string? IntellectualPropertyNotes { get; init; }
}
