using Microsoft.AspNetCore.Components;

using MudBlazor;

using OrleansAiFleet.WebAdmin.Access;

namespace OrleansAiFleet.WebAdmin.Layout;

/// <summary>Bar, theme and room for the page.</summary>
public sealed partial class MainLayout(IVisitorAccess access) : LayoutComponentBase
{
    private readonly IVisitorAccess _access = access;
    private MudThemeProvider? _themes;
    private bool _dark;

    private string ThemeIcon => _dark ? Icons.Material.Outlined.LightMode : Icons.Material.Outlined.DarkMode;

    private string ThemeLabel => _dark ? "Use light colours" : "Use dark colours";

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && _themes is not null && await _themes.GetSystemDarkModeAsync())
        {
            _dark = true;
            StateHasChanged();
        }
    }

    private void ToggleTheme() => _dark = !_dark;
}
