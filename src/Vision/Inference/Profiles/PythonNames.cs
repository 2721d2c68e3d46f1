using System.Globalization;
using System.Text;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>
/// Reads class names as Python prints them: <c>{0: 'person', 1: "it's"}</c> or <c>['person', "it's"]</c>; JSON's quoted
/// keys too. Keys must be 0 to n - 1 in any order.
/// </summary>
internal ref struct PythonNames
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private PythonNames(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The names by class id, or null where the text is something else.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        var parser = new PythonNames(text);
        IReadOnlyList<string>? names = parser.Skip('{') ? parser.Dictionary() : null;
        names ??= parser.Skip('[') ? parser.List() : null;
        return parser.AtEnd() ? names : null;
    }

    private string[]? Dictionary()
    {
        var names = new Dictionary<int, string>();
        while (!Skip('}'))
        {
            if (Key() is not { } key || !Skip(':') || Text() is not { } name || !names.TryAdd(key, name) || !Separated('}'))
            {
                return null;
            }
        }

        return names.Keys.All(key => key < names.Count) ? [.. names.OrderBy(pair => pair.Key).Select(pair => pair.Value)] : null;
    }

    private List<string>? List()
    {
        var names = new List<string>();
        while (!Skip(']'))
        {
            if (Text() is not { } name || !Separated(']'))
            {
                return null;
            }

            names.Add(name);
        }

        return names;
    }

    private int? Key()
    {
        SkipSpace();
        if (_at < _text.Length && _text[_at] is '\'' or '"')
        {
            return Text() is { } quoted ? Number(quoted) : null;
        }

        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        return Number(_text[start.._at]);
    }

    private static int? Number(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string? Text()
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] is not ('\'' or '"'))
        {
            return null;
        }

        var quote = _text[_at++];
        var name = new StringBuilder();
        while (_at < _text.Length)
        {
            var letter = _text[_at++];
            if (letter == quote)
            {
                return name.ToString();
            }

            if (letter != '\\')
            {
                name.Append(letter);
            }
            else if (!Escape(name))
            {
                return null;
            }
        }

        return null;
    }

    private bool Escape(StringBuilder name)
    {
        if (_at >= _text.Length)
        {
            return false;
        }

        var letter = _text[_at++];
        switch (letter)
        {
            case 'x':
                return CodePoint(name, digits: 2);
            case 'u':
                return CodePoint(name, digits: 4);
            case 'U':
                return CodePoint(name, digits: 8);
            case 'n' or 't' or 'r':
                name.Append(' ');
                return true;
            case '\\' or '\'' or '"' or '/':
                name.Append(letter);
                return true;
            default:
                // Python keeps an escape that it does not know as it stands.
                name.Append('\\').Append(letter);
                return true;
        }
    }

    private bool CodePoint(StringBuilder name, int digits)
    {
        if (_at + digits > _text.Length
            || !int.TryParse(_text.Slice(_at, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)
            || code is < 0 or > 0x10FFFF)
        {
            return false;
        }

        _at += digits;

        // JSON writes what is beyond 16 bits as two halves, each an escape of its own.
        name.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32(code));
        return true;
    }

    private bool Separated(char end)
    {
        SkipSpace();
        return Skip(',') || (_at < _text.Length && _text[_at] == end);
    }

    private bool Skip(char expected)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private bool AtEnd()
    {
        SkipSpace();
        return _at == _text.Length;
    }
}
