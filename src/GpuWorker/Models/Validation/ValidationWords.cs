using System.Text;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>What the inspecting process says on its error output: its last lines, and which step it was at. Bounded, whatever it says.</summary>
internal sealed class ValidationWords
{
    private const int LinesKept = 20;
    private const int LongestLine = 500;

    private readonly Queue<string> _lines = [];
    private readonly StringBuilder _line = new();

    /// <summary>The step it entered last.</summary>
    public string Step { get; private set; } = "starting";

    /// <summary>The last lines that are no steps.</summary>
    public string Last => string.Join('\n', _lines);

    /// <summary>Reads to the end.</summary>
    public async Task FollowAsync(TextReader errors, CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await errors.ReadAsync(buffer, cancellationToken)) > 0)
        {
            Take(buffer.AsSpan(0, read));
        }

        EndLine();
    }

    private void Take(ReadOnlySpan<char> letters)
    {
        foreach (var letter in letters)
        {
            if (letter == '\n')
            {
                EndLine();
            }
            else if (_line.Length < LongestLine)
            {
                _line.Append(char.IsControl(letter) ? ' ' : letter);
            }
        }
    }

    private void EndLine()
    {
        var line = _line.ToString();
        _line.Clear();
        if (line.StartsWith(ValidationChild.Step, StringComparison.Ordinal))
        {
            Step = line[ValidationChild.Step.Length..];
        }
        else if (line.Length > 0)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }
    }
}
