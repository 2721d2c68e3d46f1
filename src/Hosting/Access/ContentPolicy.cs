using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>What a browser may do with an answer: the Content-Security-Policy of an endpoint that says so in its metadata.</summary>
/// <param name="Scripts">Sources of scripts beside the host's own, for this request: a nonce. Null: none.</param>
/// <param name="FormTargets">Origins beside its own that forms may lead to, by redirect too.</param>
public sealed record ContentPolicy(Func<HttpContext, string?>? Scripts = null, IReadOnlyList<string>? FormTargets = null)
{
    /// <summary>Of an answer that is no page: nothing runs, nothing is loaded, nobody frames it.</summary>
    public const string NoPage = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>A page with scripts, pictures and calls of its own host only.</summary>
    public static ContentPolicy Page { get; } = new();

    /// <summary>The header's value.</summary>
    /// <remarks>
    /// Styles may be inline: MudBlazor writes its theme as an element of the page and places menus by attributes. Scripts never are.
    /// </remarks>
    public string Write(HttpContext context)
    {
        var scripts = Scripts?.Invoke(context) is { } source ? $"'self' {source}" : "'self'";
        var targets = string.Join(' ', (FormTargets ?? []).Prepend("'self'"));
        return $"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            + $"connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action {targets}; frame-ancestors 'none'";
    }
}

/// <summary>Says which endpoints are pages.</summary>
public static class ContentPolicyConventions
{
    /// <summary>The endpoint answers with a page. One that says nothing may do nothing in a browser.</summary>
    public static TBuilder AnswersWithPage<TBuilder>(this TBuilder endpoint, ContentPolicy policy)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(policy);
}
