namespace OrleansAiFleet.FleetCli.Processes;

/// <summary>What a process prints, in a file of its own. Bounded: at its limit the file becomes <c>.1</c> and a new one begins.</summary>
internal sealed class LogFile : IAsyncDisposable
{
    private const long MaximumBytes = 32L << 20;
    private const int TailLines = 20;

    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private StreamWriter _writer;

    /// <param name="path">The file; a former one is kept as <c>.1</c>.</param>
    public LogFile(string path)
    {
        _path = path;
        Rotate();
        _writer = Open();
    }

    /// <summary>The last lines, for an error message.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    /// <summary>Writes one line.</summary>
    public void Write(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _writer.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }

            if (_writer.BaseStream.Length > MaximumBytes)
            {
                _writer.Dispose();
                Rotate();
                _writer = Open();
            }
        }
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private void Rotate()
    {
        if (File.Exists(_path))
        {
            File.Move(_path, _path + ".1", overwrite: true);
        }
    }

    private StreamWriter Open() => new(_path) { AutoFlush = true };
}
