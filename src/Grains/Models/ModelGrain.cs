using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Owns one row of <c>ai_models</c>. Asks where it is at work; registration, people and deployments call it.</summary>
[GrainType("model")]
internal sealed partial class ModelGrain(
    [PersistentState(StateNames.Model, StateNames.Provider)] IPersistentState<AiModel> state,
    IModelUseReader uses,
    IOptions<ModelsOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<ModelGrain> logger) : Grain, IModelGrain
{
    /// <summary>Most files beside those that have a column.</summary>
    private const int MostAttachedFiles = 50;

    private Guid Id => this.GetPrimaryKey();

    public async Task<AiModel> Register(AiModel model)
    {
        Refusal.First(ModelPolicy.Judge(Id, model), ModelPolicy.JudgeNew(model)).ThrowIfRefused();
        var asked = ModelPolicy.AsStored(model);
        if (state.RecordExists)
        {
            // It may have come some way since.
            return ModelPolicy.IsSameVersion(state.State, asked)
                ? state.State
                : throw Refusal.Conflict("id", $"Model {Id:D} is another version already.").ToException();
        }

        var now = time.GetUtcNow().Stored();
        await state.WriteRow(asked with { CreatedAt = now, UpdatedAt = now });
        LogRegistered(Id, asked.Name, asked.Version);
        return state.State;
    }

    public Task<AiModel?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    public Task<StoredModel?> GetStored() => Task.FromResult(state.RecordExists ? Stored() : null);

    public async Task<StoredModel> Take(TakeModelStep step)
    {
        Demand(step.IfMatch);
        if (ModelSteps.IsTaken(state.State, step))
        {
            return Stored();
        }

        var at = await uses.ReadAsync(Id, CancellationToken.None);
        ModelSteps.Judge(state.State, step, at).ThrowIfRefused();
        var before = state.State.Status;
        using (AuditAction.Named($"models.{Spell(step.Step)}"))
        {
            await state.WriteRow(ModelSteps.Take(state.State, step, options.Value.RequiredApprovals, time.GetUtcNow().Stored()));
        }

        LogStep(Id, step.Step, before, state.State.Status, state.State.ApprovalStatus);
        return Stored() with { Warnings = Warnings(step.Step, at) };
    }

    public async Task<StoredModel> Edit(EditModel edit)
    {
        Demand(edit.IfMatch);
        ModelEdits.Apply(state.State, edit, time.GetUtcNow().Stored(), out var edited).ThrowIfRefused();
        if (!edit.DryRun && !ReferenceEquals(edited, state.State))
        {
            await state.WriteRow(edited);
        }

        return Stored();
    }

    public async Task<StoredModel> Attach(AttachedFile file, Guid? by)
    {
        Demand(null);
        ModelPolicy.JudgeAttached(file).ThrowIfRefused();
        AttachedFile[] files = [.. state.State.AttachedFiles.Where(other => (other.Kind, other.Name) != (file.Kind, file.Name)), file];
        if (files.Length > MostAttachedFiles)
        {
            throw Refusal.Conflict("file", $"A version has at most {MostAttachedFiles} files beside the model.").ToException();
        }

        await state.WriteRow(state.State with
        {
            AttachedFiles = files,
            UpdatedAt = time.GetUtcNow().Stored(),
            LastModifiedBy = by ?? state.State.LastModifiedBy,
        });
        return Stored();
    }

    public async Task<StoredModel> RecordValidation(JsonText validation, AttachedFile[] evidence, Guid? by)
    {
        Demand(null);
        Refusal.First([Field.Json("validation", validation), .. evidence.Select(ModelPolicy.JudgeAttached)]).ThrowIfRefused();
        using (AuditAction.Named("models.validate"))
        {
            await state.WriteRow(state.State with
            {
                Validation = validation,
                AttachedFiles = [.. state.State.AttachedFiles.Where(file => file.Kind != AttachedFileKind.Evidence), .. evidence],
                UpdatedAt = time.GetUtcNow().Stored(),
                LastModifiedBy = by ?? state.State.LastModifiedBy,
            });
        }

        return Stored();
    }

    public async Task<AiModel?> Delete(string[]? ifMatch)
    {
        if (!state.RecordExists)
        {
            return null;
        }

        Demand(ifMatch);
        if ((await uses.ReadAsync(Id, CancellationToken.None)).Count > 0)
        {
            throw Refusal.Conflict(
                null, $"{state.State.Name} {state.State.Version} was deployed: what was at work is kept. Archive it instead.").ToException();
        }

        var removed = state.State;
        await state.ClearRow();
        LogDeleted(Id, removed.Name, removed.Version);
        DeactivateOnIdle();
        return removed;
    }

    private StoredModel Stored() => new()
    {
        Model = state.State,
        RowVersion = state.Etag ?? "",
        Approvers = [.. ModelSteps.Approvers(state.State)],
        RequiredApprovals = options.Value.RequiredApprovals,
        OpenSteps = ModelLifecycle.Open(state.State.Status, state.State.ApprovalStatus),
    };

    // The caller's idea of the row is the one that is here, or they do not care.
    private void Demand(string[]? ifMatch)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no model {Id:D}.").ToException();
        }

        if (ifMatch is not null && !ifMatch.Contains(state.Etag ?? ""))
        {
            throw new RowConflictException(ifMatch, state.Etag ?? "", JsonText.From(state.State));
        }
    }

    private static string[] Warnings(ModelStep step, IReadOnlyList<ModelUse> uses) =>
        step is ModelStep.Deprecate or ModelStep.RequestReview
            ? [.. uses.Where(use => use.IsLive).Select(use => $"It is at work: {ModelSteps.Describe(use)}.")]
            : [];

    private static string Spell(ModelStep step) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(step.ToString());

    [LoggerMessage(LogLevel.Information, "Model {Model}: {Name} {Version} registered")]
    private partial void LogRegistered(Guid model, string name, string version);

    [LoggerMessage(LogLevel.Information, "Model {Model}: {Step}, {From} to {Status}, approval {Approval}")]
    private partial void LogStep(Guid model, ModelStep step, ModelStatus from, ModelStatus status, ApprovalStatus approval);

    [LoggerMessage(LogLevel.Information, "Model {Model}: {Name} {Version} deleted")]
    private partial void LogDeleted(Guid model, string name, string version);
}
