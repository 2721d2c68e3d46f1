using System.Globalization;

using Microsoft.AspNetCore.Components;

using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.WebAdmin.Access;
using OrleansAiFleet.WebAdmin.Fleet;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>What is live: health with reasons, silos and workers, cameras. Refreshed every two seconds.</summary>
public sealed partial class LivePage(
    ISystemHealthReader reader, IVisitorAccess visitor, TimeProvider time, NavigationManager navigation, ILogger<LivePage> logger)
    : ComponentBase, IAsyncDisposable
{
    /// <summary>Browsers hold six connections to one address; the page itself needs some.</summary>
    private const int MaxOpenPictures = 4;

    /// <summary>Cards drawn without being asked for more.</summary>
    private const int FirstCards = 48;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _gone = new();

    // In order of opening: the oldest picture makes room for the newest.
    private readonly List<Guid> _open = [];
    private FleetView? _view;
    private SiloRow[] _silos = [];
    private CameraStatus[] _cameras = [];
    private DateTimeOffset _now;
    private bool _unreachable;
    private bool _all;
    private bool _seesFleet;
    private Task _polling = Task.CompletedTask;

    /// <summary>Shows only cameras whose name, site or state has this in it.</summary>
    [SupplyParameterFromQuery(Name = "find")]
    public string? Search { get; set; }

    private bool HasCameras => _view?.Health.Cameras.Length > 0;

    private IEnumerable<CameraStatus> ShownCameras => _all ? _cameras : _cameras.Take(FirstCards);

    private int HiddenCameras => _all ? 0 : Math.Max(0, _cameras.Length - FirstCards);

    private string CheckedAt =>
        _view?.Health.CheckedAt.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? Shown.Nothing;

    private string StaleNote => _view is null ? "" : $"What stands below is as of {CheckedAt} UTC.";

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _polling;
        _gone.Dispose();
    }

    protected override void OnParametersSet() => Select();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            // Not while the page is rendered on the server for the first answer: nobody would end it.
            _polling = Poll();
        }
    }

    private async Task Poll()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await Refresh();
                await InvokeAsync(StateHasChanged);
            }
            while (await timer.WaitForNextTickAsync(_gone.Token));
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The visitor left.
        }
    }

    private async Task Refresh()
    {
        try
        {
            var scope = (await visitor.ReadAsync(_gone.Token)).ScopeOf(AccessAction.ReadFleet);
            if (scope.IsEmpty)
            {
                // Signed out elsewhere, or the right is gone: the gate says which.
                navigation.NavigateTo(navigation.Uri, forceLoad: true);
                return;
            }

            _seesFleet = scope.Sites is null;
            _view = await reader.ReadAsync(scope, _gone.Token);
            _unreachable = false;
        }
        catch (Exception exception) when (!_gone.IsCancellationRequested)
        {
            if (!_unreachable)
            {
                LogUnreachable(exception.Message);
            }

            _unreachable = true;
        }

        Select();
    }

    /// <summary>Cameras in trouble first.</summary>
    private void Select()
    {
        _now = time.GetUtcNow();
        if (_view is null)
        {
            return;
        }

        _silos = SiloRow.Of(_view.Health);
        _cameras =
        [
            .. _view.Health.Cameras.Where(Matches)
                .OrderBy(camera => camera.State is StreamState.Running)
                .ThenBy(camera => camera.Name, StringComparer.OrdinalIgnoreCase),
        ];
        _open.RemoveAll(id => _view.Health.Cameras.All(camera => camera.CameraId != id));
    }

    private bool Matches(CameraStatus camera) =>
        string.IsNullOrWhiteSpace(Search)
        || $"{camera.Name}\n{SiteOf(camera)}\n{Mark.Of(camera.State).Text}".Contains(Search.Trim(), StringComparison.OrdinalIgnoreCase);

    private string SiteOf(CameraStatus camera) =>
        _view?.SiteNames.GetValueOrDefault(camera.SiteId) ?? camera.SiteId.ToString();

    private bool IsOpen(CameraStatus camera) => _open.Contains(camera.CameraId);

    private void Toggle(CameraStatus camera)
    {
        if (_open.Remove(camera.CameraId))
        {
            return;
        }

        if (_open.Count == MaxOpenPictures)
        {
            _open.RemoveAt(0);
        }

        _open.Add(camera.CameraId);
    }

    private void Find(string? text) => navigation.NavigateTo(
        navigation.GetUriWithQueryParameter("find", string.IsNullOrWhiteSpace(text) ? null : text), replace: true);

    private void ShowAll() => _all = true;

    [LoggerMessage(LogLevel.Warning, "The cluster cannot be reached: {Reason}")]
    private partial void LogUnreachable(string reason);
}
