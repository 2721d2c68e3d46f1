using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Storage.Tests.Fleet;

/// <summary>A grain with a state of each kind and a reminder.</summary>
[Alias("Fleet.Tests.INoteGrain")]
public interface INoteGrain : IGrainWithGuidKey
{
    [Alias("Write")]
    Task Write(string text);

    [Alias("Read")]
    Task<string> Read();

    [Alias("Rename")]
    Task<string> Rename(string siteName);

    [Alias("Remind")]
    Task Remind();

    [Alias("CountReminders")]
    Task<int> CountReminders();
}

/// <summary>What is noted.</summary>
[GenerateSerializer, Alias("Fleet.Tests.Note")]
public sealed record Note
{
    [Id(0)]
    public string Text { get; init; } = "";
}

[GrainType("note")]
internal sealed class NoteGrain(
    [PersistentState("note")] IPersistentState<Note> note,
    [PersistentState(StateNames.Site, StateNames.Provider)] IPersistentState<Site> site) : Grain, INoteGrain, IRemindable
{
    private int _reminders;

    public async Task Write(string text)
    {
        note.State = new() { Text = text };
        await note.WriteStateAsync();
    }

    public Task<string> Read() => Task.FromResult(note.State.Text);

    public async Task<string> Rename(string siteName)
    {
        site.State = site.State with { Id = this.GetPrimaryKey(), Name = siteName };
        await site.WriteStateAsync();
        return site.State.Name;
    }

    public Task Remind() => this.RegisterOrUpdateReminder("remind", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    public Task<int> CountReminders() => Task.FromResult(_reminders);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _reminders++;
        return Task.CompletedTask;
    }
}
