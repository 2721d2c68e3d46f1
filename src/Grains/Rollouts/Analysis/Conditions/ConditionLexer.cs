using System.Globalization;

namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

/// <summary>Cuts a condition's text into words, numbers and signs.</summary>
internal static class ConditionLexer
{
    // Longer signs first: "<=" is one sign and not two.
    private static readonly string[] Signs = ["<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "(", ")", ","];

    /// <summary>The tokens, an end at their end; at most one fault, which is then the last token before it.</summary>
    public static IReadOnlyList<ConditionToken> Cut(string text)
    {
        var tokens = new List<ConditionToken>();
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var token = Next(text, at);
            tokens.Add(token);
            if (token.Kind == ConditionTokenKind.Fault)
            {
                break;
            }

            at += token.Text.Length;
        }

        tokens.Add(new(ConditionTokenKind.End, "", text.Length + 1));
        return tokens;
    }

    private static ConditionToken Next(string text, int at)
    {
        if (char.IsAsciiDigit(text[at]))
        {
            return Number(text, at);
        }

        if (char.IsAsciiLetter(text[at]))
        {
            return new(ConditionTokenKind.Word, text[at..SkipWord(text, at)], at + 1);
        }

        var sign = Array.Find(Signs, sign => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0);
        return sign is null ? Unreadable(text, at) : new(ConditionTokenKind.Sign, sign, at + 1);
    }

    private static ConditionToken Number(string text, int at)
    {
        var end = SkipDigits(text, at);
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end = SkipDigits(text, end + 1);
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var digits = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            end = digits < text.Length && char.IsAsciiDigit(text[digits]) ? SkipDigits(text, digits) : end;
        }

        var written = text[at..end];
        var value = double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value)
            ? new(ConditionTokenKind.Number, written, at + 1, value)
            : new(ConditionTokenKind.Fault, $"the number at {at + 1} is too large", at + 1);
    }

    private static ConditionToken Unreadable(string text, int at)
    {
        var hint = text[at] switch
        {
            '=' => ": write == for equal",
            '&' => ": write && for and",
            '|' => ": write || for or",
            '.' => ": write 0.5, not .5",
            _ => "",
        };
        var shown = char.IsControl(text[at]) || char.IsSurrogate(text[at]) ? "this character" : $"'{text[at]}'";
        return new(ConditionTokenKind.Fault, $"{shown} means nothing at {at + 1}{hint}", at + 1);
    }

    private static int SkipDigits(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int SkipWord(string text, int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return at;
    }
}

/// <summary>One word, number or sign.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; of a fault its message.</param>
/// <param name="Position">Its first character, counted from 1.</param>
/// <param name="Number">A number's value.</param>
internal readonly record struct ConditionToken(ConditionTokenKind Kind, string Text, int Position, double Number = 0);

internal enum ConditionTokenKind
{
    End,
    Number,
    Word,
    Sign,
    Fault,
}
