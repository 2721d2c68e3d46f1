using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.WebAdmin.Access;

namespace OrleansAiFleet.WebAdmin.Pages.Account;

/// <summary>Name and password, then the second factor of whoever has one.</summary>
public sealed partial class SignInPage(
    SignInCheck check, FleetSignIn signIn, ReturnAddress back, NavigationManager navigation, IOptions<SingleSignOnOptions> singleSignOn)
    : ComponentBase
{
    private string? _fault;
    private string? _ticket;

    /// <summary>Where the visitor wanted to go.</summary>
    [SupplyParameterFromQuery(Name = "return_url")]
    public string? ReturnUrl { get; set; }

    /// <summary>Why the provider's word did not let the visitor in.</summary>
    [SupplyParameterFromQuery(Name = "fault")]
    public int? ProviderFault { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    private SignInForm? Input { get; set; }

    private SignInForm Form => Input ??= new();

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    private string? Provider => singleSignOn.Value is { IsOn: true, DisplayName: var name } ? name : null;

    private string ProviderAddress =>
        SingleSignOn.StartPath + (ReturnUrl is null ? QueryString.Empty : QueryString.Create("return_url", ReturnUrl));

    protected override void OnInitialized() => _fault = (SingleSignOnFault)(ProviderFault ?? 0) switch
    {
        SingleSignOnFault.Provider => "The provider did not sign you in. Try again.",
        SingleSignOnFault.Unavailable => "The provider does not answer. Try again later.",
        SingleSignOnFault.NoRole => "You are in no group that has a role here. Ask an administrator.",
        SingleSignOnFault.NameTaken => "Your e-mail address is that of a user who signs in with a password. Ask an administrator.",
        SingleSignOnFault.Disabled => "You may not sign in now. Ask an administrator.",
        _ => null,
    };

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
