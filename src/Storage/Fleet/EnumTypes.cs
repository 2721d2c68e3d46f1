using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Training;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>The PostgreSQL enum types and what they are here; <c>ModelType</c> is <c>model_type</c>, and so on.</summary>
internal static class EnumTypes
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(ModelType),
        typeof(ModelStatus),
        typeof(LifecycleStage),
        typeof(ApprovalStatus),
        typeof(AlertSeverity),
        typeof(DeploymentStatus),
        typeof(DeploymentType),
        typeof(DeploymentStrategy),
        typeof(PriorityLevel),
        typeof(TrainingType),
        typeof(JobStatus),
        typeof(EvaluationType),
        typeof(ReviewStatus),
        typeof(SamplingMode),
        typeof(CameraPace),
        typeof(UserKind),
        typeof(AccessRole),
        typeof(FleetSiteWay),
        typeof(FleetSiteState),
        typeof(DetectionVerdict),
    ];

    public static void MapFleetEnums(this NpgsqlDataSourceBuilder builder)
    {
        foreach (var type in All)
        {
            builder.MapEnum(type, NameOf(type), new EnumLabels(type));
        }
    }

    public static void MapFleetEnums(this NpgsqlDbContextOptionsBuilder builder)
    {
        foreach (var type in All)
        {
            builder.MapEnum(type, NameOf(type), schemaName: null, new EnumLabels(type));
        }
    }

    public static string NameOf(Type type) => new EnumLabels(type).TranslateTypeName(type.Name);
}
