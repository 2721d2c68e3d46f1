using MudBlazor;

namespace OrleansAiFleet.WebAdmin.Layout;

/// <summary>Colours and type of the console. State colours keep 4.5:1 on both grounds.</summary>
internal static class FleetTheme
{
    // What the machine has: sites may have no way out to fetch a font.
    private static readonly string[] Fonts = ["Inter", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5cad",
            Secondary = "#475569",
            Success = "#15803d",
            Warning = "#a15c00",
            Error = "#c02626",
            Info = "#0b5cad",
            AppbarBackground = "#0f1b2a",
            AppbarText = "#f4f7fb",
            Background = "#f3f5f8",
            Surface = "#ffffff",
            TextPrimary = "#131a24",
            TextSecondary = "#4b5768",
            LinesDefault = "#dde3ea",
            Divider = "#dde3ea",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6db3f8",
            Secondary = "#a4b1c2",
            Success = "#5fd38d",
            Warning = "#f5b74f",
            Error = "#ff8a80",
            Info = "#6db3f8",
            AppbarBackground = "#0a1018",
            AppbarText = "#f4f7fb",
            Background = "#0e141c",
            Surface = "#17202b",
            TextPrimary = "#eaf0f7",
            TextSecondary = "#a4b1c2",
            LinesDefault = "#2a3645",
            Divider = "#2a3645",
        },
        Typography = new() { Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.9rem" } },
        LayoutProperties = new() { DefaultBorderRadius = "8px" },
    };
}
