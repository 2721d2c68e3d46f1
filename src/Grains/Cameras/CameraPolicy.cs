using OrleansAiFleet.Fleet;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Cameras;

/// <summary>What a row of <c>cameras</c> must look like to be taken. Pure.</summary>
internal static class CameraPolicy
{
    /// <summary>The row with its source taken apart: credentials stand in <see cref="Camera.SourceCredentials"/> alone.</summary>
    /// <exception cref="FleetRefusedException">A field cannot be taken.</exception>
    public static Camera Take(Guid key, Camera camera, IReadOnlyCollection<string> allowedProtocols)
    {
        Judge(key, camera).ThrowIfRefused();
        var source = SourceUrlPolicy.Parse(camera.SourceUrl, allowedProtocols);
        if (source.Refusal is { } reason)
        {
            throw Refusal.Invalid(SourceUrlPolicy.Field, reason).ToException();
        }

        if (source.Secret.User is not null && camera.SourceCredentials is not null)
        {
            throw Refusal.Invalid(
                "source_credentials", "Credentials stand in source_url already; give them once.").ToException();
        }

        return camera with
        {
            SourceUrl = source.Address,
            SourceCredentials = new SourceSecret(source.Secret.User ?? camera.SourceCredentials, source.Secret.Query).ToText(),
        };
    }

    /// <summary>Whether both ask for the same camera.</summary>
    public static bool Same(Camera left, Camera right) =>
        left.SourceCredentials == right.SourceCredentials && RowEquality.Same(Asked(left), Asked(right));

    /// <summary>The row as anybody may see it.</summary>
    public static Camera Shown(Camera camera) => camera with { SourceCredentials = null };

    private static Camera Asked(Camera camera) => camera with { CreatedAt = default, UpdatedAt = default };

    private static Refusal? Judge(Guid key, Camera camera) => Refusal.First(
        Field.Key(key, camera.Id),
        camera.SiteId == Guid.Empty ? Refusal.Invalid("site_id", "site_id must name a site.") : null,
        Field.Required("name", camera.Name, 255),
        Field.Text("scene", camera.Scene, 64),
        camera.Scene.Any(char.IsControl)
            ? Refusal.Invalid("scene", "scene contains a line break or another control character.")
            : null,
        Field.Text("source_credentials", camera.SourceCredentials, 512),
        camera.SourceCredentials?.Any(char.IsControl) is true
            ? Refusal.Invalid("source_credentials", "source_credentials contains a line break or another control character.")
            : null,
        Field.Named("sampling_mode", camera.SamplingMode),
        Field.Named("pace", camera.Pace),
        Field.Real("sampling_fps", camera.SamplingFps, 0, 120),
        camera.WorkingSize == 0 ? null : Field.Whole("working_size", camera.WorkingSize, 64, 3840),
        Field.Whole("motion_threshold", camera.MotionThreshold, 1, 255),
        Field.Real("motion_minimum_area_percent", camera.MotionMinimumAreaPercent, 0, 100));
}
