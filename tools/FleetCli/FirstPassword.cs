namespace OrleansAiFleet.FleetCli;

/// <summary>The password that the first start makes up for the administrator: shown once.</summary>
internal static class FirstPassword
{
    /// <summary>Shows it where it has not been shown, and takes the file away.</summary>
    public static void Tell(FleetSettings settings, Action<string> tell)
    {
        if (!File.Exists(settings.FirstPasswordFile))
        {
            return;
        }

        tell($"sign in as         admin@fleet.local with the password {File.ReadAllText(settings.FirstPasswordFile).Trim()}");
        tell("                   it is shown this once, and asks to be changed");
        File.Delete(settings.FirstPasswordFile);
    }
}
