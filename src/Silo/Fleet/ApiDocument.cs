using Microsoft.AspNetCore.OpenApi;

using OrleansAiFleet.Hosting.Access;

using Scalar.AspNetCore;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>How the API documents itself.</summary>
internal static class ApiDocument
{
    /// <summary>The reference starts by a script within the page, which bears the request's nonce.</summary>
    public static ContentPolicy Policy { get; } = new(
        Scripts: context => context.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce ? $"'nonce-{nonce}'" : null);

    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "OrleansAiFleet";
        document.Info.Version = "v1";
        document.Info.Description =
            "Computer-vision models over the cameras of many construction sites. Names are snake case, enums go by name, "
            + "times are ISO 8601 in UTC. Errors are problem+json with `detail` (what to do), `field` where one is at fault, "
            + "and `trace_id`. A POST that creates takes an `id` of yours: repeating it creates nothing twice. Every POST takes an "
            + "`Idempotency-Key`: its repetition within a day gets the first one's answer. What changes a model takes `If-Match`.";
        return Task.CompletedTask;
    });

    /// <summary>Everything the page needs comes from this host: sites may have no way out to the internet.</summary>
    public static void Show(ScalarOptions options)
    {
        options.WithTitle("OrleansAiFleet API").DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().WithNonce();
        options.HideClientButton = true;
    }
}
