using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Access;

namespace OrleansAiFleet.WebAdmin.Access;

/// <summary>Sign-in by an OpenID Connect provider: <c>Fleet:OpenIdConnect</c>. Off while <see cref="Authority"/> is empty.</summary>
public sealed class SingleSignOnOptions : IValidatableObject
{
    public const string Section = "Fleet:OpenIdConnect";

    /// <summary>Address of the provider, below which <c>/.well-known/openid-configuration</c> is. HTTPS, but on this machine.</summary>
    public string? Authority { get; set; }

    /// <summary>What the provider knows the console as.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The client's secret; null for a public client, which proves itself by PKCE alone.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Name of the provider on the sign-in page. Default: <c>single sign-on</c>.</summary>
    [Required, StringLength(64)]
    public string DisplayName { get; set; } = "single sign-on";

    /// <summary>Scopes to ask for beside <c>openid</c>. Default when none is given: <c>profile</c>, <c>email</c>.</summary>
    public string[] Scopes { get; set; } = [];

    /// <summary>Claim with the groups somebody is in. Default: <c>groups</c>.</summary>
    [Required]
    public string GroupsClaim { get; set; } = "groups";

    /// <summary>Which group has which role, where. Who is in none of them is not let in.</summary>
    public GroupRole[] Groups { get; set; } = [];

    /// <summary>Whether people can sign in so.</summary>
    internal bool IsOn => Authority is { Length: > 0 };

    /// <summary>Scopes that are asked for.</summary>
    internal IEnumerable<string> AskedScopes => (Scopes.Length > 0 ? Scopes : ["profile", "email"]).Prepend("openid").Distinct();

    /// <summary>Roles of whoever is in these groups.</summary>
    internal HashSet<AccessGrant> GrantsOf(IEnumerable<string> groups)
    {
        var found = groups.ToHashSet(StringComparer.Ordinal);
        return [.. Groups.Where(role => found.Contains(role.Group)).Select(role => role.ToGrant())];
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn)
        {
            yield break;
        }

        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority) || !IsSafe(authority))
        {
            yield return new($"{Section}:Authority '{Authority}' must be an https:// address; http:// only on this machine.", [nameof(Authority)]);
        }

        if (ClientId.Length == 0)
        {
            yield return new($"{Section}:ClientId is missing: the name under which the provider knows this console.", [nameof(ClientId)]);
        }

        if (Groups.Length == 0)
        {
            yield return new($"{Section}:Groups is empty, so nobody would be let in. Give at least one Group with its Role.", [nameof(Groups)]);
        }

        for (var i = 0; i < Groups.Length; i++)
        {
            if (Groups[i].FindFault() is { } fault)
            {
                yield return new($"{Section}:Groups:{i}: {fault}", [nameof(Groups)]);
            }
        }
    }

    private static bool IsSafe(Uri authority) =>
        authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback);
}

/// <summary>A role that a provider's group has.</summary>
public sealed class GroupRole
{
    /// <summary>The group as the claim spells it.</summary>
    public string Group { get; set; } = "";

    /// <summary>As the API spells it: <c>site_manager</c>.</summary>
    public string Role { get; set; } = "";

    /// <summary>On this site alone; left out: on all of them.</summary>
    public Guid? SiteId { get; set; }

    internal AccessGrant ToGrant() => new(FindRole() ?? throw new InvalidOperationException(FindFault()), SiteId);

    internal string? FindFault() =>
        Group.Length == 0 ? "Group is missing."
        : FindRole() is null ? $"Role '{Role}' is none of {string.Join(", ", Enum.GetValues<AccessRole>().Select(NameOf))}."
        : null;

    private AccessRole? FindRole() => Enum.GetValues<AccessRole>().Where(role => NameOf(role) == Role).Select(role => (AccessRole?)role).FirstOrDefault();

    private static string NameOf(AccessRole role) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());
}
