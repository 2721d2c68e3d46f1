using OrleansAiFleet.Trainer.Training;

namespace OrleansAiFleet.Trainer.Tests.Training;

[Collection(TrainingRuns.Name)]
public sealed class DetectorTrainerTests
{
    [Fact]
    public async Task Training_reports_every_epoch_and_learns()
    {
        using var set = new PaintedSet();
        var reports = new Reports();

        using var detector = await DetectorTrainer.TrainAsync(set.Spec with { Epochs = 8 }, reports, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, 8), reports.Seen.Select(report => report.Epoch));
        Assert.All(reports.Seen, report => Assert.True(report is { Epochs: 8, Loss: > 0, Seconds: > 0, LearningRate: > 0 }, $"{report}"));
        Assert.True(reports.Seen[^1].Loss < 0.8 * reports.Seen[0].Loss, $"{reports.Seen[0].Loss} to {reports.Seen[^1].Loss}");
        Assert.True(File.Exists(set.Output));
    }

    [Fact]
    public async Task Same_seed_gives_the_same_file_and_another_seed_another()
    {
        using var set = new PaintedSet();

        var first = await TrainedFileAsync(set, set.Spec with { Epochs = 1 });
        var again = await TrainedFileAsync(set, set.Spec with { Epochs = 1 });
        var other = await TrainedFileAsync(set, set.Spec with { Epochs = 1, Seed = 2 });

        Assert.True(first.SequenceEqual(again));
        Assert.False(first.SequenceEqual(other));
    }

    [Fact]
    public async Task Cancelled_training_leaves_no_file()
    {
        using var set = new PaintedSet();
        using var stop = new CancellationTokenSource();
        var reports = new Reports(stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DetectorTrainer.TrainAsync(set.Spec, reports, stop.Token));

        Assert.Single(reports.Seen);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(set.Output)!));
    }

    [Fact]
    public async Task Training_that_diverges_says_so_and_leaves_no_file()
    {
        using var set = new PaintedSet();

        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => DetectorTrainer.TrainAsync(
            set.Spec with { LearningRate = 1e30, Epochs = 4 }, new Reports(), CancellationToken.None));

        Assert.Contains("diverges", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(set.Output)!));
    }

    [Theory]
    [InlineData("this is no JSON", "annotations.json is no COCO data set")]
    [InlineData("{}", "annotations.json is no COCO data set")]
    [InlineData("null", "annotations.json is empty")]
    [InlineData("""{"images":[],"annotations":[],"categories":[{"id":1,"name":"a"}]}""", "it names no picture")]
    [InlineData("""{"images":[{"id":1,"file_name":"0.png"}],"annotations":[],"categories":[]}""", "it names no category")]
    [InlineData(
        """{"images":[{"id":1,"file_name":"0.png"}],"annotations":[],"categories":[{"id":1,"name":"a"},{"id":1,"name":"b"}]}""",
        "two categories have the same id")]
    [InlineData(
        """{"images":[{"id":1,"file_name":"0.png"}],"annotations":[{"id":5,"image_id":1,"category_id":9,"bbox":[0,0,1,1]}],"categories":[{"id":1,"name":"a"}]}""",
        "annotation 5 is of category 9")]
    [InlineData(
        """{"images":[{"id":1,"file_name":"0.png"}],"annotations":[{"id":5,"image_id":1,"category_id":1,"bbox":[0,0,1]}],"categories":[{"id":1,"name":"a"}]}""",
        "the box of annotation 5 has 3 numbers")]
    public async Task Broken_annotations_are_refused_by_a_sentence_that_names_the_file(string content, string sentence)
    {
        using var set = new PaintedSet(pictures: 1);
        await File.WriteAllTextAsync(set.Annotations, content);

        var fault = await Refused(set.Spec);

        Assert.Contains(set.Annotations, fault.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Picture_that_cannot_be_read_is_named(bool isThere)
    {
        using var set = new PaintedSet(pictures: 3);
        File.Delete(set.PathOf("1.png"));
        if (isThere)
        {
            await File.WriteAllTextAsync(set.PathOf("1.png"), "no picture");
        }

        Assert.Contains(set.PathOf("1.png"), (await Refused(set.Spec)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_that_cannot_be_are_refused_by_name()
    {
        using var set = new PaintedSet(pictures: 1);

        Assert.Contains("multiples of 32", (await Refused(set.Spec with { Width = 100 })).Message, StringComparison.Ordinal);
        Assert.Contains("positive", (await Refused(set.Spec with { Height = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("epochs", (await Refused(set.Spec with { Epochs = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("batch_size", (await Refused(set.Spec with { BatchSize = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("learning_rate", (await Refused(set.Spec with { LearningRate = double.NaN })).Message, StringComparison.Ordinal);
    }

    private static Task<InvalidDataException> Refused(TrainingSpec spec) => Assert.ThrowsAsync<InvalidDataException>(
        () => DetectorTrainer.TrainAsync(spec, new Reports(), CancellationToken.None));

    private static async Task<byte[]> TrainedFileAsync(PaintedSet set, TrainingSpec spec)
    {
        using var detector = await DetectorTrainer.TrainAsync(spec, new Reports(), CancellationToken.None);
        return await File.ReadAllBytesAsync(set.Output);
    }
}
