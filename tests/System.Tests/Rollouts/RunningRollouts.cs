using System.Net.Http.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Rollouts;

/// <summary>Rollouts of a running fleet, whose control silo may be down for a while.</summary>
internal static class RunningRollouts
{
    /// <summary>Uploads a sample and has a deployment come to it.</summary>
    public static async Task<Guid> BeginAsync(
        FleetUnderTest fleet, Guid deployment, string file, object[] steps, int keepsWarmSeconds, int progressDeadlineSeconds)
    {
        var model = await SampleSite.PostAsync(fleet, "api/admin/ai-models", SampleSite.ModelForm(file));
        var wish = new { model_id = model, steps, keeps_warm_seconds = keepsWarmSeconds, progress_deadline_seconds = progressDeadlineSeconds };
        return await SampleSite.PostAsync(fleet, $"api/admin/deployments/{deployment}/rollouts", SampleSite.Json(wish));
    }

    /// <summary>Waits until a rollout is as wanted.</summary>
    public static async Task<Rollout> UntilAsync(FleetUnderTest fleet, Guid id, string what, Func<Rollout, bool> isSo)
    {
        Rollout? found = null;
        await fleet.WaitUntilAsync(what, TimeSpan.FromSeconds(90), async () => (found = await TryReadAsync(fleet, id)) is { } rollout && isSo(rollout));
        return found!;
    }

    // Nobody answers while the silo is started again.
    private static async Task<Rollout?> TryReadAsync(FleetUnderTest fleet, Guid id)
    {
        try
        {
            using var answer = await fleet.Api.GetAsync($"api/admin/rollouts/{id}");
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<Rollout>(FleetJson.Options) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
