using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Silo.Access;

/// <summary>Who signs in.</summary>
public sealed record SignInRequest
{
    [Required, StringLength(256)]
    public string Email { get; init; } = "";

    [Required, StringLength(256)]
    public string Password { get; init; } = "";

    /// <summary>Six digits of the authenticator, where two factors are needed.</summary>
    [StringLength(16)]
    public string? TwoFactorCode { get; init; }

    /// <summary>One of the recovery codes in its place; good once.</summary>
    [StringLength(64)]
    public string? RecoveryCode { get; init; }

    // A record prints its members.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Email = ").Append(Email);
        return true;
    }
}

/// <summary>A token for new ones.</summary>
public sealed class RefreshRequest
{
    [Required, StringLength(8192)]
    public string RefreshToken { get; init; } = "";
}

/// <summary>Another password of one's own.</summary>
public sealed class ChangePassword
{
    [Required, StringLength(256)]
    public string CurrentPassword { get; init; } = "";

    [Required, StringLength(256)]
    public string NewPassword { get; init; } = "";
}

/// <summary>A password by the token that an administrator gave.</summary>
public sealed record ResetPassword
{
    [Required, StringLength(256)]
    public string Email { get; init; } = "";

    [Required, StringLength(2048)]
    public string ResetToken { get; init; } = "";

    [Required, StringLength(256)]
    public string NewPassword { get; init; } = "";

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Email = ").Append(Email);
        return true;
    }
}

/// <summary>Proof that the authenticator has the key.</summary>
public sealed class TwoFactorCode
{
    [Required, StringLength(16)]
    public string Code { get; init; } = "";
}

/// <summary>What an authenticator app needs.</summary>
/// <param name="SharedKey">Base32, to be typed.</param>
/// <param name="AuthenticatorUri"><c>otpauth://</c>, to be shown as a picture.</param>
public sealed record TwoFactorKey(string SharedKey, string AuthenticatorUri);

/// <summary>In place of an authenticator that was lost; each is good once. Shown once.</summary>
/// <param name="Codes">Ten of them.</param>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>The caller as the fleet knows it.</summary>
public sealed record Me
{
    public required Guid UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>The API key in use, or null.</summary>
    public Guid? KeyId { get; init; }

    public bool MustChangePassword { get; init; }

    /// <summary>What the caller may do, and on which sites; null stands for all of them.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyCollection<Guid>?> Rights { get; init; }
}
