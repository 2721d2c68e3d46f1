using Microsoft.Extensions.Options;

using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.WebAdmin.Access;

/// <summary>Where a visitor is led after signing in: a page of the console, or of an origin that is configured.</summary>
public sealed class ReturnAddress(IOptions<AccessOptions> options)
{
    /// <summary>The address that was asked for where it is one of ours, else the console's first page.</summary>
    public string Of(string? asked)
    {
        if (asked is null)
        {
            return "/";
        }

        // "//host" and "/\host" are other hosts to a browser.
        if (asked.StartsWith('/') && !asked.StartsWith("//", StringComparison.Ordinal) && !asked.Contains('\\', StringComparison.Ordinal)
            && !asked.Any(char.IsControl))
        {
            return asked;
        }

        return Uri.TryCreate(asked, UriKind.Absolute, out var address)
            && address.UserInfo.Length == 0
            && options.Value.ReturnOrigins.Contains(address.GetLeftPart(UriPartial.Authority), StringComparer.OrdinalIgnoreCase)
                ? address.AbsoluteUri
                : "/";
    }
}
