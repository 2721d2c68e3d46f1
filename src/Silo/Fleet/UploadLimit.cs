using Microsoft.AspNetCore.Http.Metadata;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>Largest request body of one endpoint, in bytes.</summary>
internal sealed record UploadLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
