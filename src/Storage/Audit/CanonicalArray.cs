using System.Globalization;
using System.Text;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// A JSON array of texts, numbers and nulls with exactly one spelling, as RFC 8785 has it: no white space, and only what
/// must be escaped is. Written out here, since hashes of years ago must not depend on how a library escapes today.
/// </summary>
internal sealed class CanonicalArray
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly StringBuilder _text = new("[");

    public CanonicalArray Add(string? value)
    {
        Separate();
        if (value is null)
        {
            _text.Append("null");
            return this;
        }

        _text.Append('"');
        foreach (var letter in value)
        {
            Append(letter);
        }

        _text.Append('"');
        return this;
    }

    public CanonicalArray Add(long value)
    {
        Separate();
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>The array's bytes.</summary>
    /// <exception cref="EncoderFallbackException">A text has half a surrogate pair.</exception>
    public byte[] ToUtf8() => Strict.GetBytes(_text.ToString() + "]");

    private void Append(char letter) => _ = letter switch
    {
        '"' => _text.Append("\\\""),
        '\\' => _text.Append("\\\\"),
        '\b' => _text.Append("\\b"),
        '\t' => _text.Append("\\t"),
        '\n' => _text.Append("\\n"),
        '\f' => _text.Append("\\f"),
        '\r' => _text.Append("\\r"),
        < ' ' => _text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)),
        _ => _text.Append(letter),
    };

    private void Separate()
    {
        if (_text.Length > 1)
        {
            _text.Append(',');
        }
    }
}
