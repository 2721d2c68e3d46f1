using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;

using OrleansAiFleet.Inference;
using OrleansAiFleet.Silo.Inference;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Inference;

/// <summary>Calls from outside over HTTP: what is answered, and every way to be refused.</summary>
[Collection(ApiTests.Name)]
public sealed class InferenceApiTests(ApiFixture api) : InferenceCalls(api)
{
    [Fact]
    public async Task Picture_is_answered_with_centres_in_pixels_times_and_the_version_that_looked()
    {
        var deployment = Deploy();

        var answer = await (await Send(deployment, Body(Picture))).Read<InferenceAnswer>();

        var result = Assert.Single(answer.Results);
        Assert.Equal((deployment.Id, deployment.ModelId, "Helmets", "3"), (answer.DeploymentId, answer.Model.Id, answer.Model.Name, answer.Model.Version));
        Assert.Equal((640, 480), (result.Image!.Width, result.Image.Height));
        Assert.Equal(new Prediction(110, 70, 20, 40, 0.9f, "person", 0), result.Predictions[0]);
        Assert.Equal((1, 2, 3, 4), (result.Timing!.QueueMs, result.Timing.PreprocessMs, result.Timing.InferMs, result.Timing.PostprocessMs));
        var asked = Assert.Single(Api.Pictures.Asked[deployment.Id]);
        Assert.Equal(Picture, asked.Content);
        Assert.Equal((0.5f, deployment.ModelId), (asked.ConfidenceThreshold, asked.Model.ModelId));
        Assert.InRange(asked.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Names_are_those_of_the_field()
    {
        var text = await (await Send(Deploy(), Body(Picture))).Content.ReadAsStringAsync();

        var prediction = JsonNode.Parse(text)!["results"]![0]!["predictions"]![0]!.AsObject();
        Assert.Equal(["x", "y", "width", "height", "confidence", "class", "class_id"], prediction.Select(pair => pair.Key));
    }

    [Fact]
    public async Task Form_and_json_are_answered_picture_by_picture_and_one_bad_picture_fails_alone()
    {
        var deployment = Deploy();
        Api.Pictures.Answers[deployment.Id] = (picture, _) => Task.FromResult(
            picture.Content[^1] == 9 ? new InferredPicture { Fault = PictureFault.Damaged, Width = 10, Height = 10 } : WorkersOnStage.Found);

        foreach (var body in new HttpContent[] { Form([1], [9], [3]), Json([1], [9], [3]) })
        {
            var answer = await (await Send(deployment, body)).Read<InferenceAnswer>();

            Assert.Equal([0, 1, 2], answer.Results.Select(result => result.Index));
            Assert.Equal([null, 400, null], answer.Results.Select(result => result.Error?.Status));
            Assert.Equal([2, 0, 2], answer.Results.Select(result => result.Predictions.Count));
            Assert.Null(answer.Results[1].Timing);
        }
    }

    [Theory]
    [InlineData(PictureFault.NoPicture, 100, HttpStatusCode.BadRequest, "file")]
    [InlineData(PictureFault.Damaged, 100, HttpStatusCode.BadRequest, "file")]
    [InlineData(PictureFault.WrongSize, 90_000, HttpStatusCode.RequestEntityTooLarge, "file")]
    [InlineData(PictureFault.WrongSize, 1, HttpStatusCode.BadRequest, "file")]
    [InlineData(PictureFault.Busy, 100, HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(PictureFault.ModelNotReady, 100, HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(PictureFault.Failed, 100, HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(PictureFault.TimedOut, 100, HttpStatusCode.GatewayTimeout, null)]
    public async Task Fault_of_the_only_picture_is_the_answer_of_the_call(PictureFault fault, int width, HttpStatusCode status, string? field)
    {
        var deployment = Deploy();
        Api.Pictures.Answers[deployment.Id] = (_, _) => Task.FromResult(new InferredPicture { Fault = fault, Width = width, Height = width });

        var answer = await Send(deployment, Body(Picture));

        await answer.ReadProblem(status, field);
        Assert.Equal(status == HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Form_of_which_the_workers_took_nothing_is_an_answer_to_repeat()
    {
        var deployment = Deploy();
        Api.Pictures.Answers[deployment.Id] = (_, _) => Task.FromResult(new InferredPicture { Fault = PictureFault.Busy });

        await (await Send(deployment, Form([1], [2]))).ReadProblem(HttpStatusCode.ServiceUnavailable, null);
    }

    [Fact]
    public async Task Confidence_and_classes_narrow_what_is_answered()
    {
        var deployment = Deploy();

        var sure = await (await Send(deployment, Body(Picture), "?confidence=0.8")).Read<InferenceAnswer>();
        var named = await (await Send(deployment, Body(Picture), "?classes=Helmet,%20vest")).Read<InferenceAnswer>();

        Assert.Equal(["person"], sure.Results[0].Predictions.Select(found => found.Class));
        Assert.Equal(["helmet"], named.Results[0].Predictions.Select(found => found.Class));
        await (await Send(deployment, Body(Picture), "?confidence=2")).ReadProblem(HttpStatusCode.BadRequest, "confidence");
    }

    [Fact]
    public async Task Administrator_may_ask_for_less_than_the_threshold()
    {
        var deployment = Deploy();

        await (await Send(deployment, Body(Picture), "?confidence=0.1")).Read<InferenceAnswer>();

        Assert.Equal(0.1f, Api.Pictures.Asked[deployment.Id][0].ConfidenceThreshold);
    }

    [Fact]
    public async Task Deployment_without_api_access_says_so_also_to_an_administrator()
    {
        var problem = await (await Send(Deploy(row => row with { ApiAccessEnabled = false }), Body(Picture))).ReadProblem(HttpStatusCode.Forbidden, null);

        Assert.Contains("api_access_enabled", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_of_a_minute_are_counted_in_headers_and_then_refused()
    {
        var deployment = Deploy(row => row with { RateLimitRequestsPerMinute = 2 });

        var first = await Send(deployment, Body(Picture));
        await Send(deployment, Body(Picture));
        var third = await Send(deployment, Body(Picture));

        Assert.Equal(("2", "1"), (Header(first, "RateLimit-Limit"), Header(first, "RateLimit-Remaining")));
        await third.ReadProblem(HttpStatusCode.TooManyRequests, null);
        Assert.Equal("0", Header(third, "RateLimit-Remaining"));
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 30);
        Assert.InRange(int.Parse(Header(third, "RateLimit-Reset"), System.Globalization.CultureInfo.InvariantCulture), 30, 60);
    }

    [Fact]
    public async Task As_many_calls_as_may_run_at_a_time_and_one_that_ends_makes_room()
    {
        var deployment = Deploy(row => row with { MaxConcurrentRequests = 1 });
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        Api.Pictures.Answers[deployment.Id] = async (_, _) =>
        {
            entered.TrySetResult();
            await gate.Task;
            return WorkersOnStage.Found;
        };
        var first = Send(deployment, Body(Picture));
        await entered.Task;

        var second = await Send(deployment, Body(Picture));
        gate.SetResult();

        await second.ReadProblem(HttpStatusCode.TooManyRequests, null);
        Assert.NotNull(second.Headers.RetryAfter);
        await (await first).Read<InferenceAnswer>();
        await (await Send(deployment, Body(Picture))).Read<InferenceAnswer>();
    }

    [Fact]
    public async Task Call_that_takes_longer_than_the_deployment_allows_ends_and_reaches_the_workers()
    {
        var deployment = Deploy(row => row with { TimeoutSeconds = 1, MaxConcurrentRequests = 1 });
        var reached = new TaskCompletionSource();
        Api.Pictures.Answers[deployment.Id] = async (_, token) =>
        {
            token.Register(reached.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return WorkersOnStage.Found;
        };

        var problem = await (await Send(deployment, Body(Picture))).ReadProblem(HttpStatusCode.GatewayTimeout, null);

        await reached.Task;
        Assert.Contains("timeout_seconds", (string)problem["detail"]!, StringComparison.Ordinal);
        Api.Pictures.Answers.TryRemove(deployment.Id, out _);
        await (await Send(deployment, Body(Picture))).Read<InferenceAnswer>();
    }

    [Fact]
    public async Task Seventeen_pictures_are_one_too_many() => await (await Send(
        Deploy(), Form([.. Enumerable.Range(1, 17).Select(i => new[] { (byte)i })]))).ReadProblem(HttpStatusCode.BadRequest, "images");

    [Fact]
    public async Task Requests_and_pictures_are_counted_by_what_became_of_them()
    {
        var deployment = Deploy(row => row with { RateLimitRequestsPerMinute = 1 });
        Api.Pictures.Answers[deployment.Id] = (picture, _) => Task.FromResult(
            picture.Content[0] == 9 ? new InferredPicture { Fault = PictureFault.Damaged } : WorkersOnStage.Found);
        List<string> counted = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, its) =>
        {
            if (instrument.Meter.Name == InferenceMeter.Name)
            {
                its.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        await Send(deployment, Form([1], [9]));
        await Send(deployment, Form([1]));

        Assert.Equal(
            ["duration", "pictures answered", "pictures damaged", "requests answered", "requests rate_limit"], counted.Order(StringComparer.Ordinal));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if ((Guid)tags[0].Value! == deployment.Id)
            {
                var result = tags.Length > 1 ? $" {tags[1].Value}" : "";
                lock (counted)
                {
                    counted.Add($"{instrument.Name["fleet.inference.".Length..]}{result}");
                }
            }
        }
    }

    [Fact]
    public async Task Model_whose_configuration_cannot_be_read_is_named()
    {
        var deployment = Deploy();
        Api.Rows.Models[deployment.ModelId] = Api.Rows.Models[deployment.ModelId] with { Configuration = new("""["x"]""") };

        await (await Send(deployment, Body(Picture))).ReadProblem(HttpStatusCode.Conflict, null);
    }
}
