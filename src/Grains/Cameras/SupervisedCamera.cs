namespace OrleansAiFleet.Cameras;

/// <summary>What the supervisor knows of one camera that somebody wants watched.</summary>
internal sealed class SupervisedCamera(CameraPlan plan, DateTimeOffset since)
{
    private CameraStatus? _status;
    private string? _problem = "not started yet";

    public CameraPlan Plan { get; set; } = plan;

    /// <summary>The call under way, or the last one.</summary>
    public Task Call { get; private set; } = Task.CompletedTask;

    /// <summary>The round of that call; 0: none yet.</summary>
    public int Round { get; private set; }

    /// <summary>Timestamp at which that call began.</summary>
    public long CalledAt { get; private set; }

    /// <summary>Worker that runs it as of the last answer; null where none is known to.</summary>
    public string? Worker => _problem is null ? _status?.Silo : null;

    /// <summary>Why it is not known to run, or null.</summary>
    public string? Problem => _problem;

    /// <summary>The last answer, or, where none came, what is the matter.</summary>
    public CameraStatus Status => _problem is null && _status is not null
        ? _status
        : (_status ?? Unknown()) with
        {
            State = _status is null && _problem is null ? StreamState.Starting : StreamState.Reconnecting,
            Grade = _status?.Grade ?? CameraGrade.Unknown,
            FpsDecoded = 0,
            FpsInferred = 0,
            Problem = _problem,
        };

    public void Calls(Task call, int round, long at) => (Call, Round, CalledAt) = (call, round, at);

    public void Answers(CameraStatus status) => (_status, _problem) = (status, null);

    public void Fails(string problem) => _problem = problem;

    private CameraStatus Unknown() => new()
    {
        CameraId = Plan.Camera.Id,
        SiteId = Plan.Camera.SiteId,
        Name = Plan.Camera.Name,
        Silo = "",
        PlanRevision = Plan.Revision,
        StartedAt = since,
    };
}
