namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>The files that somebody uses or waits for, by their SHA-256: they stay where they are.</summary>
internal sealed class ModelFilePlaces
{
    private readonly Dictionary<string, ModelFilePlace> _places = [];

    public ModelFilePlace Pin(string sha256)
    {
        lock (_places)
        {
            if (!_places.TryGetValue(sha256, out var place))
            {
                _places[sha256] = place = new();
            }

            place.Pins++;
            return place;
        }
    }

    public void Unpin(string sha256)
    {
        lock (_places)
        {
            if (--_places[sha256].Pins == 0)
            {
                _places.Remove(sha256, out var place);
                place!.Turn.Dispose();
            }
        }
    }

    public bool IsPinned(string sha256)
    {
        lock (_places)
        {
            return _places.ContainsKey(sha256);
        }
    }

    /// <summary>Waits for what is on its way to the disk.</summary>
    public Task KeepingAsync()
    {
        lock (_places)
        {
            return Task.WhenAll(_places.Values.Select(place => place.Keeping));
        }
    }
}
