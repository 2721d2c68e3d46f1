using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>What pictures of callers from outside are taken.</summary>
internal sealed class InferenceApiOptions
{
    public const string Section = "Fleet:InferenceApi";

    /// <summary>Most pictures of one request.</summary>
    /// <value>The default is 16.</value>
    [Range(1, 256)]
    public int MaxPictures { get; set; } = 16;

    /// <summary>Largest picture file in bytes. One travels to a worker as one message.</summary>
    /// <value>The default is 16 MiB.</value>
    [Range(1024, 64 << 20)]
    public int MaxPictureBytes { get; set; } = 16 << 20;

    /// <summary>Largest request in bytes, all its pictures together.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(1024, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 64 << 20;

    /// <summary>Longest side of a picture in pixels.</summary>
    /// <value>The default is 8192.</value>
    [Range(16, 32_768)]
    public int MaxSide { get; set; } = 8192;

    /// <summary>Most pixels of a picture. A worker needs four bytes for each while it decodes.</summary>
    /// <value>The default is 40 million.</value>
    [Range(256L, 400_000_000L)]
    public long MaxPixels { get; set; } = 40_000_000;

    /// <summary>Most bytes that the requests of one control silo may hold in memory; each counts twice, while it is read.</summary>
    /// <value>The default is 512 MiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytesInMemory { get; set; } = 512L << 20;

    /// <summary>Pictures of one request that are with workers at the same time.</summary>
    /// <value>The default is 4.</value>
    [Range(1, 64)]
    public int PicturesAtOnce { get; set; } = 4;
}

[OptionsValidator]
internal sealed partial class InferenceApiOptionsValidator : IValidateOptions<InferenceApiOptions>;

/// <summary>What must fit together.</summary>
internal sealed class InferenceApiOptionsRules : IValidateOptions<InferenceApiOptions>
{
    public ValidateOptionsResult Validate(string? name, InferenceApiOptions options)
    {
        const string Section = InferenceApiOptions.Section;
        List<string> wrong = [];
        if (options.MaxPictureBytes > options.MaxRequestBytes)
        {
            wrong.Add($"{Section}:MaxPictureBytes is above {Section}:MaxRequestBytes: no such picture could come.");
        }

        if (options.MaxRequestBytes * 2L > options.MaxBytesInMemory)
        {
            wrong.Add($"{Section}:MaxBytesInMemory is below twice {Section}:MaxRequestBytes: the largest request could never be taken.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
