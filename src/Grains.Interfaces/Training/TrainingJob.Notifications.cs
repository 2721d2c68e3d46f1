using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Notifications

    /// <summary><c>notification_recipients</c>: User IDs to notify on completion.</summary>
    [Id(49)]
    public JsonText? NotificationRecipients { get; init; }

    /// <summary><c>notification_on_completion</c>.</summary>
    [Id(50)]
    public bool NotificationOnCompletion { get; init; } = true;

    /// <summary><c>notification_on_failure</c>.</summary>
    [Id(51)]
    public bool NotificationOnFailure { get; init; } = true;

    /// <summary><c>notification_on_milestone</c>.</summary>
    [Id(52)]
    public bool NotificationOnMilestone { get; init; }

    /// <summary><c>slack_webhook_url</c>.</summary>
    [Id(53)]
    public string? SlackWebhookUrl { get; init; }
}
