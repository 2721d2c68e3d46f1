using System.Text;

using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

using QRCoder;

namespace OrleansAiFleet.WebAdmin.Pages.Account;

/// <summary>One's own password and second factor.</summary>
public sealed partial class AccountPage(UserManager<FleetUser> users, FleetSignIn signIn) : ComponentBase
{
    private const int Codes = 10;

    private FleetUser _user = new();
    private string? _fault;
    private string? _told;
    private string? _key;
    private string? _picture;
    private string[]? _codes;

    [SupplyParameterFromForm(FormName = "password")]
    private PasswordForm? Password { get; set; }

    [SupplyParameterFromForm]
    private FactorForm? Factor { get; set; }

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _user = await users.FindByIdAsync(CurrentAccess.Of(Context).UserId.ToString()) ?? _user;
    }

    private async Task ChangePassword()
    {
        var must = _user.MustChangePassword;
        _user.MustChangePassword = false;
        var result = await users.ChangePasswordAsync(_user, Password?.Current ?? "", Password?.New ?? "");
        if (!result.Succeeded)
        {
            _user.MustChangePassword = must;
        }

        await TellAsync(result, "The password is changed. Every other sign-in has ended.");
    }

    private async Task StartFactor()
    {
        await users.ResetAuthenticatorKeyAsync(_user);
        await signIn.RefreshSignInAsync(_user);
        await ShowKeyAsync();
    }

    private async Task EnableFactor()
    {
        if (!await IsCodeAsync())
        {
            await ShowKeyAsync();
            return;
        }

        await TellAsync(await users.SetTwoFactorEnabledAsync(_user, true), "A code is asked for from now on.");
        _codes = [.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(_user, Codes))!];
    }

    private async Task DisableFactor()
    {
        if (await IsCodeAsync())
        {
            await TellAsync(await users.SetTwoFactorEnabledAsync(_user, false), "The password is enough from now on.");
        }
    }

    private async Task<bool> IsCodeAsync()
    {
        if (!await users.IsLockedOutAsync(_user)
            && await users.VerifyTwoFactorTokenAsync(_user, users.Options.Tokens.AuthenticatorTokenProvider, Factor?.Code?.Trim() ?? ""))
        {
            return true;
        }

        await users.AccessFailedAsync(_user);
        _fault = "The code is not that of the authenticator now. Compare its clock.";
        return false;
    }

    private async Task ShowKeyAsync()
    {
        _key = (await users.GetAuthenticatorKeyAsync(_user))!;
        using var code = QRCodeGenerator.GenerateQrCode(AuthenticatorUri.Of(_user.UserName!, _key), QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        _picture = $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg.GetGraphic(4)))}";
    }

    // Whatever changes the account ends all sign-ins; this one goes on.
    private async Task TellAsync(IdentityResult result, string done)
    {
        if (result.Succeeded)
        {
            await signIn.RefreshSignInAsync(_user);
            _told = done;
        }
        else
        {
            _fault = string.Join(' ', result.Errors.Select(error => error.Description));
        }
    }

    private sealed class PasswordForm
    {
        public string? Current { get; set; }

        public string? New { get; set; }
    }

    private sealed class FactorForm
    {
        public string? Code { get; set; }
    }
}
