namespace OrleansAiFleet.Cameras;

/// <summary>
/// One round of calls: every camera once, so many at a time, and those first that were longest not called. A camera that does not answer
/// holds its own place and nobody else. All of it happens in the supervisor's turns.
/// </summary>
/// <param name="number">Of the round.</param>
/// <param name="cameras">
/// All that are wanted. One whose last call is still under way is not called twice: it may sit in the queue of a worker that is short of breath.
/// </param>
/// <param name="call">Calls one; never faults.</param>
/// <param name="time">The clock.</param>
internal sealed class SupervisionRound(
    int number, IEnumerable<SupervisedCamera> cameras, Func<SupervisedCamera, Task> call, TimeProvider time)
{
    private readonly Queue<SupervisedCamera> _left =
        new(cameras.Where(camera => camera.Call.IsCompleted).OrderBy(camera => camera.Round));

    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answers;

    /// <summary>Calls all, and waits for their answers as long as nobody is in a hurry.</summary>
    /// <param name="places">Calls under way at a time.</param>
    /// <param name="besides">What is to be done in the round as well.</param>
    /// <param name="hurry">Completes when another round is wanted: this one ends as soon as all are called.</param>
    /// <param name="longest">How long nothing may happen.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">Somebody has not answered for so long.</exception>
    public async Task RunAsync(
        int places, IReadOnlyCollection<Task> besides, Task hurry, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            if (_left.Count == 0)
            {
                _called.TrySetResult();
            }

            var all = Task.WhenAll([.. Enumerable.Range(0, places).Select(_ => CallOn()), .. besides]);
            while (!_called.Task.IsCompleted)
            {
                await WaitForCalls(longest, cancellationToken);
            }

            await Task.WhenAny(all, hurry).WaitAsync(longest, time, cancellationToken);
        }
        finally
        {
            // Who was not called is first in the next round.
            _left.Clear();
        }
    }

    private async Task WaitForCalls(TimeSpan longest, CancellationToken cancellationToken)
    {
        var answers = _answers;
        try
        {
            await _called.Task.WaitAsync(longest, time, cancellationToken);
        }
        catch (TimeoutException) when (_answers != answers)
        {
            // Others answer: it goes on, only slowly.
        }
    }

    private async Task CallOn()
    {
        while (_left.TryDequeue(out var camera))
        {
            camera.Calls(call(camera), number, time.GetTimestamp());
            if (_left.Count == 0)
            {
                _called.TrySetResult();
            }

            await camera.Call;
            _answers++;
        }
    }
}
