using Microsoft.AspNetCore.Identity;
using OrleansAiFleet.Access;

namespace OrleansAiFleet.Storage.Access;

/// <summary>A row of <c>users</c>: a person who signs in, or a program with keys.</summary>
public sealed class FleetUser : IdentityUser<Guid>
{
    /// <summary>Which of the two.</summary>
    public UserKind Kind { get; set; }

    /// <summary>Shown in place of the sign-in name.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>The password is somebody else's choice: nothing else can be done before it is changed.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>Since when this user may do nothing; null for a user in good standing. Users are never deleted.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When the user came to be.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the row last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
