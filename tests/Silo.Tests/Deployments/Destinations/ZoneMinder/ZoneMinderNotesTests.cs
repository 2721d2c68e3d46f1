using System.Globalization;

using FsCheck.Xunit;

using OrleansAiFleet.Detections;
using OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations.ZoneMinder;

public sealed class ZoneMinderNotesTests
{
    private static readonly string[] Names = ["person", "car", "safety vest", "100%", "a:b", "hélmet ⛑"];

    [Theory]
    [InlineData("", "person:0.97", "[a] detected:person:97% ")]
    [InlineData("Motion: All", "person:0.97,car:0.805", "[a] detected:person:97% car:81% Motion: All")]
    [InlineData("Motion: All", "car:0.5,person:0.5,car:0.9", "[a] detected:car:90% person:50% Motion: All")]
    [InlineData("[s] detected:person:60% Motion: All", "person:0.97", "[s] detected:person:97% Motion: All")]
    [InlineData("[a] detected:person:60% Motion: All", "car:0.7", "[a] detected:car:70% person:60% Motion: All")]
    [InlineData("[a] detected:person:97%", "car:0.7", "[a] detected:person:97% car:70% ")]
    [InlineData("[a] detected:person:97% car:81% Motion: All", "car:0.8,person:0.97", null)]
    [InlineData("[a] detected:person Motion: All", "person:0.5", "[a] detected:person:50% [a] detected:person Motion: All")]
    [InlineData("fill:50% [a] detected:person:97% ", "person:0.5", "[a] detected:person:50% fill:50% [a] detected:person:97% ")]
    [InlineData("x", "safety vest:1,100%:0.004", "[a] detected:safety_vest:100% 100_:0% x")]
    [InlineData("x", "a\tb\n:0.5,\ud83d\ude00c:0.4,:0.3", "[a] detected:a_b_:50% _c:40% _:30% x")]
    public void Classes_stand_before_what_was_there_each_with_its_best_confidence(string notes, string found, string? merged) =>
        Assert.Equal(merged, ZoneMinderNotes.Merge(notes, found.Split(',').Select(Detection)));

    [Fact]
    public void Confidence_that_is_no_number_is_none() =>
        Assert.Equal("[a] detected:x:0% ", ZoneMinderNotes.Merge("", [Deliveries.Detection(Guid.Empty) with { ClassName = "x", Confidence = float.NaN }]));

    [Fact]
    public void So_many_classes_that_nobody_reads_them_are_cut_and_stay_cut()
    {
        var all = Enumerable.Range(0, 200).Select(i => Of($"class{i}{new string('x', 300)}", i / 200f)).ToArray();

        var merged = ZoneMinderNotes.Merge("Motion: All", all)!;

        Assert.Equal(64, merged.Count(letter => letter == '%'));
        Assert.StartsWith("[a] detected:class199x", merged, StringComparison.Ordinal);
        Assert.EndsWith("% Motion: All", merged, StringComparison.Ordinal);
        Assert.InRange(merged.Length, 0, 64 * 70);
        Assert.Null(ZoneMinderNotes.Merge(merged, all));
    }

    /// <summary>However deliveries are cut, repeated and ordered, the same stands there in the end, and what stood there before stays behind it.</summary>
    [Property]
    public bool Order_and_repetition_change_nothing(byte[] found, int cut, string? old)
    {
        var notes = old ?? "";
        var all = (found ?? []).Append((byte)0).Select(value => Of(Names[value % Names.Length], value / 255f)).ToArray();
        var half = Math.Abs(cut % all.Length);

        var once = After(notes, all);
        var inParts = After(After(After(notes, all[half..]), all[..half]), [.. all.Reverse()]);

        return once == inParts && ZoneMinderNotes.Merge(once, all) is null && once.EndsWith(notes, StringComparison.Ordinal);
    }

    private static string After(string notes, Detection[] detections) => ZoneMinderNotes.Merge(notes, detections) ?? notes;

    private static Detection Detection(string text)
    {
        var at = text.LastIndexOf(':');
        return Of(text[..at], float.Parse(text[(at + 1)..], CultureInfo.InvariantCulture));
    }

    private static Detection Of(string className, float confidence) =>
        Deliveries.Detection(Guid.Empty) with { ClassName = className, Confidence = confidence };
}
