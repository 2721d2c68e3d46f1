using OrleansAiFleet.Models;

namespace OrleansAiFleet.Grains.Tests.Models;

public sealed class PostprocessingPolicyTests
{
    private static readonly string[] Classes = ["person", "No Helmet"];
    private static readonly double[][] Triangle = [[0, 0], [1, 0], [0, 1]];

    public static TheoryData<string, string?> Cases()
    {
        var data = new TheoryData<string, string?>();
        foreach (var (name, field, _) in All)
        {
            data.Add(name, field);
        }

        return data;
    }

    private static (string Name, string? Field, PostprocessingConfiguration Rules)[] All =>
    [
        ("nothing", null, new()),
        ("all of it", null, new()
        {
            ClassThresholds = new() { ["No Helmet"] = 0.2 }, ClassMap = new() { ["person"] = "" }, MinArea = 0, MaxArea = 1,
            Zones = [new() { Name = "gate", Points = Triangle }, new() { Mode = ZoneMode.Exclude, Points = Triangle }],
        }),
        ("threshold above 1", "class_thresholds", new() { ClassThresholds = new() { ["person"] = 1.1 } }),
        ("threshold that is no number", "class_thresholds", new() { ClassThresholds = new() { ["person"] = double.NaN } }),
        ("threshold of no class", "class_thresholds", new() { ClassThresholds = new() { ["no_helmet"] = 0.5 } }),
        ("name of no class", "class_map", new() { ClassMap = new() { ["dog"] = "cat" } }),
        ("long name", "class_map", new() { ClassMap = new() { ["person"] = new('x', 256) } }),
        ("negative area", "min_area", new() { MinArea = -0.1 }),
        ("areas the wrong way round", "min_area", new() { MinArea = 0.5, MaxArea = 0.4 }),
        ("two corners", "zones[0].points", new() { Zones = [new() { Points = Triangle[..2] }] }),
        ("corner outside", "zones[1].points", new() { Zones = [new() { Points = Triangle }, new() { Points = [[0, 0], [1, 0], [0, 1.01]] }] }),
        ("corner of three figures", "zones[0].points", new() { Zones = [new() { Points = [[0, 0, 0], [1, 0], [0, 1]] }] }),
        ("no such mode", "zones[0].mode", new() { Zones = [new() { Points = Triangle, Mode = (ZoneMode)7 }] }),
        ("too many zones", "zones", new() { Zones = [.. Enumerable.Repeat(new DetectionZone { Points = Triangle }, 51)] }),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rules_are_judged_with_the_field_at_fault(string name, string? field)
    {
        var refusal = PostprocessingPolicy.Judge(All.Single(one => one.Name == name).Rules, Classes, "configuration.postprocessing");

        Assert.Equal(field is null ? null : $"configuration.postprocessing.{field}", refusal?.Field);
    }

    [Fact]
    public void Names_of_classes_keep_their_spelling_in_a_row()
    {
        var rules = new PostprocessingConfiguration { ClassThresholds = new() { ["No Helmet"] = 0.2 }, ClassMap = new() { ["No Helmet"] = "Bare Head" } };

        var back = OrleansAiFleet.Fleet.JsonText.From(new ModelConfiguration { Postprocessing = rules }).To<ModelConfiguration>()!.Postprocessing!;

        Assert.Equal((0.2, "Bare Head"), (back.ClassThresholds["No Helmet"], back.ClassMap["No Helmet"]));
    }
}
