using Microsoft.AspNetCore.Components;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.WebAdmin.Access;

namespace OrleansAiFleet.WebAdmin.Pages.Account;

/// <summary>Name and password, then the second factor of whoever has one.</summary>
public sealed partial class SignInPage(SignInCheck check, FleetSignIn signIn, ReturnAddress back, NavigationManager navigation) : ComponentBase
{
    private string? _fault;
    private string? _ticket;

    /// <summary>Where the visitor wanted to go.</summary>
    [SupplyParameterFromQuery(Name = "return_url")]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    private SignInForm? Input { get; set; }

    private SignInForm Form => Input ??= new();

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    private async Task SignIn()
    {
        var outcome = await check.CheckAsync(
            new()
            {
                Name = Form.Email ?? "",
                Password = Form.Password ?? "",
                Ticket = Form.Ticket,
                Code = Some(Form.Code),
                RecoveryCode = Some(Form.RecoveryCode),
            },
            Context,
            Context.RequestAborted);
        if (outcome.User is { } user)
        {
            await signIn.SignInAsync(user, isPersistent: false);
            navigation.NavigateTo(user.MustChangePassword ? "/account" : back.Of(ReturnUrl));
            return;
        }

        (_fault, _ticket) = (outcome.Ticket is null ? outcome.Fault : null, outcome.Ticket ?? Some(Form.Ticket));
    }

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private sealed class SignInForm
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        public string? Ticket { get; set; }

        public string? Code { get; set; }

        public string? RecoveryCode { get; set; }
    }
}
