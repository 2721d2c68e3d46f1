namespace OrleansAiFleet.Hosting.Access;

/// <summary>The address that authenticator apps read from a picture (the key URI format of Google Authenticator).</summary>
public static class AuthenticatorUri
{
    private const string Issuer = "OrleansAiFleet";

    /// <summary>The address of a base32 key.</summary>
    public static string Of(string name, string key) =>
        $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(name)}?secret={key}&issuer={Issuer}&digits=6";
}
