using System.Text.Json;

namespace OrleansAiFleet.Silo.Tests.Models.Fuzz;

/// <summary>Values that no caller should send and some will.</summary>
internal static class Hostile
{
    /// <summary>A model's id that was never given out.</summary>
    public const string NoId = "00000000-0000-7000-8000-000000000001";

    /// <summary>Texts for a name, a category, a comment, a word to search for.</summary>
    public static string[] Texts { get; } =
    [
        "", " ", "\t\r\n", "\0", "Helm\0et", "../../../etc/passwd", @"..\..\windows\system32", "sha256/00", "/dev/zero", "file:///etc/passwd",
        "\u202Etxt.xnno", "\u200B\u200D\uFEFF", "e\u0301\u0302\u0303\u0304\u0305", string.Concat(Enumerable.Repeat("\u0301", 300)),
        "👷🏽‍♀️🦺", string.Concat(Enumerable.Repeat("🦺", 128)), new('x', 255), new('x', 256), new('x', 5000), "\uFFFF\uFFFE\u0085\u2028",
        "'; DROP TABLE ai_models; --", "' OR 1=1 --", "%' AND pg_sleep(20) --", "$1", "{0}", "${jndi:ldap://127.0.0.1/a}", "<script>alert(1)</script>",
        "a & b | !c <-> d:*", "\\", "\"", "-", "ı İ ß ﬃ", "NULL", "NaN", "-0", "1e400", "true", "[]", "{}", NoId,
    ];

    /// <summary>JSON values as they stand in a body; some are no JSON.</summary>
    public static string[] Json { get; } =
    [
        "null", "true", "0", "-0", "-1", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "1.0000000000000000000000000000000000000001",
        "79228162514264337593543950336", "9223372036854775808", "2147483648", "0.005", "\"NaN\"", "\"1\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "\"\\", "[]", "{}", "[null]", "[\"\\u0000\"]", "[\"\\ud800\"]", "[[[[]]]]", "{\"a\":1,\"a\":2}", "{\"\\u0000\":1}",
        "{\"\":{}}", "[\"a\",\"a\"]", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"2026-02-30\"", "1 2", "//",
        "{\"$type\":\"System.IO.FileInfo, System.IO.FileSystem\"}", Deep(10_000), "\"" + new string('x', 5000) + "\"",
        .. Texts.Select(text => JsonSerializer.Serialize(text)),
    ];

    /// <summary>Bytes that are no UTF-8: a lone surrogate, an overlong slash, a cut sequence.</summary>
    public static byte[][] BrokenText { get; } = [[0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF0, 0x9F, 0xA6], [0xFF, 0xFE, 0x00], [0x80]];

    /// <summary>What a query may have as a value, before it is escaped.</summary>
    public static string[] QueryValues { get; } = [.. Texts, new('q', 10_000), "99999999999999999999", "-99999999999999999999", "1.5", "0x10", "٣", "1,5"];

    /// <summary>One of them.</summary>
    public static T Any<T>(this Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    /// <summary>Arrays in arrays.</summary>
    public static string Deep(int levels) => new string('[', levels) + new string(']', levels);
}
