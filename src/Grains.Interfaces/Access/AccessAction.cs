namespace OrleansAiFleet.Access;

/// <summary>What can be done, one for every right. Stored by name: never rename.</summary>
[GenerateSerializer, Alias("Fleet.AccessAction")]
public enum AccessAction
{
    /// <summary>See models, their versions and results.</summary>
    ReadModels = 0,

    /// <summary>Upload a model version.</summary>
    UploadModels = 1,

    /// <summary>Decide about a version that somebody else uploaded.</summary>
    ApproveModels = 2,

    /// <summary>Take a model's file away.</summary>
    DownloadModels = 3,

    /// <summary>See sites.</summary>
    ReadSites = 4,

    /// <summary>Create sites.</summary>
    CreateSites = 5,

    /// <summary>Change a site's settings.</summary>
    ManageSites = 6,

    /// <summary>See cameras, without pictures.</summary>
    ReadCameras = 7,

    /// <summary>Create and change cameras.</summary>
    ManageCameras = 8,

    /// <summary>See a camera's pictures.</summary>
    WatchCameras = 9,

    /// <summary>See deployments.</summary>
    ReadDeployments = 10,

    /// <summary>Deploy a model, end a deployment.</summary>
    Deploy = 11,

    /// <summary>See measurements.</summary>
    ReadMetrics = 12,

    /// <summary>See what was found.</summary>
    ReadDetections = 13,

    /// <summary>See how the fleet does: silos, workers, cameras.</summary>
    ReadFleet = 14,

    /// <summary>Open the Orleans Dashboard.</summary>
    OpenDashboard = 15,

    /// <summary>Report events from outside.</summary>
    SendEvents = 16,

    /// <summary>Have pictures of one's own inferred.</summary>
    Infer = 17,

    /// <summary>See and change people and their grants.</summary>
    ManagePeople = 18,

    /// <summary>See and change the keys of others.</summary>
    ManageKeys = 19,

    /// <summary>Read and verify the audit trail.</summary>
    ReadAudit = 20,

    /// <summary>Take data out as a file.</summary>
    ExportData = 21,

    /// <summary>Change how long data is kept, erase data.</summary>
    ManageRetention = 22,

    /// <summary>See what the API can do, and one's own account.</summary>
    UseApi = 23,

    /// <summary>Deprecate and archive model versions, and take that back.</summary>
    RetireModels = 24,

    /// <summary>Have an alias of the whole fleet name another version.</summary>
    MoveAliases = 25,

    /// <summary>Add and change categories of models.</summary>
    ManageCategories = 26,

    /// <summary>Deploy what a licence or an export restriction forbids.</summary>
    OverrideLicenses = 27,

    /// <summary>Say of what was found whether it is there.</summary>
    MarkDetections = 28,
}
