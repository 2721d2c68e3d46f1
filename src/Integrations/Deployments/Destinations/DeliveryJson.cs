using System.Text.Json;

using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>Messages as JSON: the schema of docs/destinations.md. Pure; the same delivery gives the same bytes.</summary>
public static class DeliveryJson
{
    /// <summary>A whole message, for a webhook.</summary>
    public static byte[] Write(Delivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return Written(json =>
        {
            json.WriteStartObject();
            json.WriteString("delivery_id", delivery.Id);
            WriteHead(json, delivery);
            json.WriteStartArray("frames");
            foreach (var frame in delivery.Frames)
            {
                json.WriteStartObject();
                WriteFrame(json, frame);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>One frame of it alone, for a broker or a line of a file.</summary>
    public static byte[] WriteOne(Delivery delivery, DeliveredFrame frame)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(frame);
        return Written(json =>
        {
            json.WriteStartObject();
            WriteHead(json, delivery);
            WriteFrame(json, frame);
            json.WriteEndObject();
        });
    }

    private static void WriteHead(Utf8JsonWriter json, Delivery delivery)
    {
        json.WriteString("deployment_id", delivery.DeploymentId);
        json.WriteString("destination", delivery.Destination);
        json.WriteBoolean("test", delivery.IsTest);
    }

    private static void WriteFrame(Utf8JsonWriter json, DeliveredFrame frame)
    {
        json.WriteString("frame_id", frame.Id);
        json.WriteString("site_id", frame.SiteId);
        json.WriteString("camera_id", frame.CameraId);
        json.WriteString("frame_time", frame.FrameTime.ToUniversalTime());
        json.WriteStartArray("detections");
        foreach (var detection in frame.Detections)
        {
            WriteDetection(json, detection);
        }

        json.WriteEndArray();
    }

    private static void WriteDetection(Utf8JsonWriter json, Detection detection)
    {
        json.WriteStartObject();
        json.WriteString("id", detection.Id);
        json.WriteString("model_id", detection.ModelId);
        json.WriteNumber("frame_number", detection.FrameNumber);
        if (detection.TrackId is { } track)
        {
            json.WriteNumber("track_id", track);
        }
        else
        {
            json.WriteNull("track_id");
        }

        json.WriteNumber("class_id", detection.ClassId);
        json.WriteString("class_name", detection.ClassName);
        WriteReal(json, "confidence", detection.Confidence);
        WriteReal(json, "x", detection.X);
        WriteReal(json, "y", detection.Y);
        WriteReal(json, "width", detection.Width);
        WriteReal(json, "height", detection.Height);
        json.WriteEndObject();
    }

    // JSON has no word for what is no number; one of them must not hold up what comes after it.
    private static void WriteReal(Utf8JsonWriter json, string name, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream(4096);
        using (var json = new Utf8JsonWriter(stream))
        {
            write(json);
        }

        return stream.ToArray();
    }
}
