using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary>Somebody to let in.</summary>
public sealed record CreatePerson
{
    /// <summary>Id of your choice, so that a repeated request creates nothing twice.</summary>
    public Guid? Id { get; init; }

    public UserKind Kind { get; init; }

    /// <summary>E-mail address of a person, name of a service.</summary>
    [Required, StringLength(256)]
    public string Name { get; init; } = "";

    [StringLength(255)]
    public string DisplayName { get; init; } = "";

    [MaxLength(1000)]
    public GrantRequest[] Grants { get; init; } = [];

    internal FleetUser ToUser(Guid id) => new()
    {
        Id = id,
        Kind = Kind,
        UserName = Name,
        Email = Kind is UserKind.Person ? Name : null,
        DisplayName = DisplayName,
        LockoutEnabled = true,
    };
}

/// <summary>A role to have.</summary>
public sealed record GrantRequest
{
    [Required]
    public AccessRole? Role { get; init; }

    /// <summary>On this site alone; left out: on all of them.</summary>
    public Guid? SiteId { get; init; }

    internal AccessGrant ToGrant() => new(Role.GetValueOrDefault(), SiteId);
}

/// <summary>What can be changed of somebody.</summary>
public sealed record UpdatePerson
{
    [StringLength(255)]
    public string DisplayName { get; init; } = "";

    /// <summary>True takes all rights away at once, and every key with them.</summary>
    public bool Disabled { get; init; }
}

/// <summary>All roles that somebody is to have.</summary>
public sealed record SetGrants
{
    [Required, MaxLength(1000)]
    public GrantRequest[]? Grants { get; init; }
}

/// <summary>Lets somebody set a password without the old one. Shown once; give it to them in a safe way.</summary>
/// <param name="Email">Whom it is for.</param>
/// <param name="ResetToken">For <c>POST /api/access/reset-password</c> or the console's page.</param>
public sealed record PasswordReset(string Email, string ResetToken);
