using Microsoft.AspNetCore.Components;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>A camera's picture as it comes. Where none comes it says so and asks again.</summary>
public sealed partial class LivePicture(TimeProvider time) : ComponentBase, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _gone = new();
    private bool _isMissing;
    private int _tries;

    /// <summary>Whose picture.</summary>
    [Parameter, EditorRequired]
    public Guid Camera { get; set; }

    /// <summary>The camera's name.</summary>
    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>Whether frames come. A still picture must not be taken for what is there now.</summary>
    [Parameter, EditorRequired]
    public bool IsRunning { get; set; }

    // A browser does not ask again for an address that just failed.
    private string Url => _tries == 0 ? $"/live/{Camera}.mjpeg" : $"/live/{Camera}.mjpeg?try={_tries}";

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    private async Task TryAgain()
    {
        _isMissing = true;
        try
        {
            await Task.Delay(Pause, time, _gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }

        _tries++;
        _isMissing = false;
    }
}
