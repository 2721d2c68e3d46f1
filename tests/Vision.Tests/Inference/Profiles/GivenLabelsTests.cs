using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference.Profiles;

public sealed class GivenLabelsTests
{
    [Theory]
    [InlineData("names", "{0: 'person', 1: \"driver's\", 2: 'car'}", "person|driver's|car")]
    [InlineData("names", "{\"0\": \"person\", \"1\": \"dog\", \"2\": \"car\"}", "person|dog|car")]
    [InlineData("names", "[\"person\", \"dog\", \"car\"]", "person|dog|car")]
    [InlineData("names", "person,dog, car", "person|dog|car")]
    [InlineData("classes", "('person', 'dog', 'car')", "person|dog|car")]
    [InlineData("class_names", "person;dog;car", "person|dog|car")]
    [InlineData("labels", "person\ndog\ncar\n", "person|dog|car")]
    [InlineData("labels", "person\r\ndog\r\ncar", "person|dog|car")]
    public void Names_are_read_as_exporters_write_them(string key, string text, string expected)
    {
        var resolution = Resolve(new() { [key] = text }, new ProfileOverrides());

        Assert.Equal(expected.Split('|'), resolution.Profile!.Classes);
        Assert.True(resolution.ClassNamesKnown);
        Assert.Contains(resolution.Notes, note => note.Contains($"the file's metadata \"{key}\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("classes", "3")]
    [InlineData("labels", "{'person': 0}")]
    [InlineData("labels", "")]
    public void Metadata_that_are_no_names_are_passed_over(string key, string text)
    {
        var resolution = Resolve(new() { [key] = text }, new ProfileOverrides());

        Assert.Equal(["class_0", "class_1", "class_2"], resolution.Profile!.Classes);
        Assert.False(resolution.ClassNamesKnown);
    }

    [Fact]
    public void Names_of_ultralytics_that_cannot_be_read_are_a_fault() =>
        Assert.Equal("labels", Resolve(new() { ["names"] = "{0: person" }, new ProfileOverrides()).FaultField);

    [Fact]
    public void Owners_names_come_before_the_files()
    {
        var resolution = Resolve(new() { ["names"] = "a,b,c" }, new ProfileOverrides { Classes = ["x", "y", "z"] });

        Assert.Equal(["x", "y", "z"], resolution.Profile!.Classes);
    }

    [Fact]
    public void Fault_says_both_numbers_and_whose_names_they_are()
    {
        var fault = Resolve(new() { ["names"] = "a,b" }, new ProfileOverrides());

        Assert.Equal("labels", fault.FaultField);
        Assert.Contains("2 class names were given (by the file's metadata \"names\")", fault.FaultMessage, StringComparison.Ordinal);
        Assert.Contains("have 3 classes", fault.FaultMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    [InlineData(80, false)]
    public void Usual_names_are_taken_only_where_their_number_fits(int usual, bool taken)
    {
        var names = Enumerable.Range(0, usual).Select(i => $"usual {i}").ToArray();

        var resolution = Resolve([], new ProfileOverrides { UsualClasses = names });

        Assert.Equal(taken ? "usual 0" : "class_0", resolution.Profile!.Classes[0]);
        Assert.Equal(taken, resolution.ClassNamesKnown);
    }

    private static ProfileResolution Resolve(Dictionary<string, string> metadata, ProfileOverrides overrides) => ProfileResolver.Resolve(
        new ModelContract(
            [new TensorContract("images", TensorType.Real32, [1, 3, 416, 416])],
            [new TensorContract("output", TensorType.Real32, [1, 7, 3549])],
            metadata),
        overrides);
}
