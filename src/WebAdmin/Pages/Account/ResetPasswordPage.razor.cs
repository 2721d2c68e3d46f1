using Microsoft.AspNetCore.Components;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.WebAdmin.Pages.Account;

/// <summary>A password by the token that an administrator gave.</summary>
public sealed partial class ResetPasswordPage(PasswordResets resets) : ComponentBase
{
    private string? _fault;
    private bool _done;

    [SupplyParameterFromForm(FormName = "reset")]
    private ResetForm? Input { get; set; }

    private ResetForm Form => Input ??= new();

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    private async Task Reset()
    {
        try
        {
            await resets.ResetAsync(Form.Email ?? "", Form.Token ?? "", Form.Password ?? "", Context, Context.RequestAborted);
            _done = true;
        }
        catch (FleetRefusedException refused)
        {
            _fault = refused.Message;
        }
    }

    private sealed class ResetForm
    {
        public string? Email { get; set; }

        public string? Token { get; set; }

        public string? Password { get; set; }
    }
}
