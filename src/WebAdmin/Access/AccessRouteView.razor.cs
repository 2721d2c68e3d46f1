using System.Reflection;

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.WebAdmin.Access;

/// <summary>
/// Shows a page to whoever has the right that it names. The gate checked the request that opened the console; from page
/// to page within it no request is made.
/// </summary>
public sealed partial class AccessRouteView(IVisitorAccess visitor) : ComponentBase
{
    private bool? _allowed;

    [Parameter, EditorRequired]
    public required Microsoft.AspNetCore.Components.RouteData RouteData { get; set; }

    [Parameter, EditorRequired]
    public required Type DefaultLayout { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var page = RouteData.PageType;
        _allowed = page.GetCustomAttribute<AllowAnonymousAttribute>() is not null
            || (page.GetCustomAttribute<RequireAccessAttribute>() is { } needed && await IsAllowedAsync(needed));
    }

    // A password that must be changed is changed on the account's page.
    private async Task<bool> IsAllowedAsync(RequireAccessAttribute needed) =>
        needed.Action is OrleansAiFleet.Access.AccessAction.UseApi
        || (await visitor.ReadAsync(CancellationToken.None)).Allows(needed.Action);
}
