using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Where the contents of stored files lie: <c>Fleet:Models</c>.</summary>
public sealed class ModelStoreOptions
{
    public const string Section = "Fleet:Models";

    /// <summary>Where new contents go. Those that lie elsewhere stay there and are found. Default: postgres.</summary>
    public ModelStoreKind Store { get; set; }

    /// <summary>The bucket. Also needed, after a change back to postgres, as long as something lies in it.</summary>
    public S3Options S3 { get; set; } = new();
}

/// <summary>See <see cref="ModelStoreOptions.Store"/>.</summary>
public enum ModelStoreKind
{
    /// <summary>In the fleet's database.</summary>
    Postgres,

    /// <summary>In a bucket of S3 or of what speaks its protocol.</summary>
    S3,
}

/// <summary>A bucket: <c>Fleet:Models:S3</c>.</summary>
public sealed class S3Options
{
    /// <summary>Name of the bucket, which must be there. Default: none.</summary>
    public string? Bucket { get; set; }

    /// <summary>Address of the service, for what is not Amazon's own. Default: none, Amazon's of the region.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Region: where Amazon's service is, and what requests are signed for. Default: us-east-1.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket's name in the path instead of in the host name, as most services but Amazon's need it. Default: false.</summary>
    public bool PathStyle { get; set; }

    /// <summary>Stands before every object's name. Default: <c>model-files/</c>.</summary>
    public string Prefix { get; set; } = "model-files/";

    /// <summary>Default: none, the credentials that Amazon's tools find (environment, profile, role of the machine).</summary>
    public string? AccessKey { get; set; }

    /// <summary>Belongs to <see cref="AccessKey"/>.</summary>
    public string? SecretKey { get; set; }
}

/// <summary>Refuses at start what could not work later.</summary>
internal sealed class ModelStoreOptionsValidator : IValidateOptions<ModelStoreOptions>
{
    private const string Section = ModelStoreOptions.Section;

    public ValidateOptionsResult Validate(string? name, ModelStoreOptions options)
    {
        var s3 = options.S3;
        List<string> faults = [];
        if (options.Store is ModelStoreKind.S3 && string.IsNullOrWhiteSpace(s3.Bucket))
        {
            faults.Add($"{Section}:S3:Bucket is not set, and {Section}:Store says s3.");
        }

        if (s3.Endpoint is { Length: > 0 } endpoint
            && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            faults.Add($"{Section}:S3:Endpoint '{endpoint}' is no http or https address.");
        }

        if (string.IsNullOrEmpty(s3.AccessKey) != string.IsNullOrEmpty(s3.SecretKey))
        {
            faults.Add($"{Section}:S3:AccessKey and SecretKey belong together: one of them is missing.");
        }

        if (string.IsNullOrWhiteSpace(s3.Region))
        {
            faults.Add($"{Section}:S3:Region is empty.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
