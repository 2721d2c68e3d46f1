namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>The topic of a frame. Pure.</summary>
public static class MqttTopic
{
    /// <summary>What is filled in.</summary>
    public static IReadOnlyList<string> Placeholders { get; } = ["{site_id}", "{camera_id}", "{deployment_id}", "{destination}"];

    /// <summary>Fills a topic in.</summary>
    public static string Fill(string topic, Guid siteId, Guid cameraId, Guid deploymentId, string destination)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return topic
            .Replace("{site_id}", siteId.ToString(), StringComparison.Ordinal)
            .Replace("{camera_id}", cameraId.ToString(), StringComparison.Ordinal)
            .Replace("{deployment_id}", deploymentId.ToString(), StringComparison.Ordinal)
            .Replace("{destination}", destination, StringComparison.Ordinal);
    }
}
