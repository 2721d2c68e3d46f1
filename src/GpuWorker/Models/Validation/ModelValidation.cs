using System.Diagnostics;
using System.Globalization;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models.Onnx;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>Inspects one model, step by step. For a process of its own: what the model does to it is not held back here.</summary>
/// <param name="request">What is asked.</param>
/// <param name="enter">Told of each step as it begins, so that somebody else can say where it ended.</param>
internal sealed class ModelValidation(ValidationRequest request, Action<string> enter)
{
    // What is grey in every colour space: 16 to 235 are black to white in limited range, 128 no colour.
    private const byte Neutral = 128;
    private const int MetadataShown = 4000;

    private readonly FramePool _frames = new(0);
    private readonly List<string> _findings = [];

    /// <summary>Everything that can be said of the model.</summary>
    /// <exception cref="ModelFaultException">It cannot be used.</exception>
    public ModelInspection Run(byte[] model, byte[][] contents)
    {
        enter("reading the pictures");
        VideoFrame[] frames = [.. request.Pictures.Select((picture, i) => EvidencePicture.Read(picture.Name, contents[i], _frames))];
        enter("reading the file");
        var file = OnnxChecks.Verify(model);
        ProcessMemory.ForgetPeak();
        var before = ProcessMemory.Resident();

        enter("opening the model in ONNX Runtime");
        var sessions = new SessionFactory(
            Options.Create(new InferenceOptions { ExecutionProvider = ExecutionProviderChoice.Cpu, IntraOpThreads = request.IntraOpThreads }),
            NullLogger<SessionFactory>.Instance);
        var started = Stopwatch.GetTimestamp();
        using var session = sessions.Open(model);
        var loaded = Stopwatch.GetElapsedTime(started);

        enter("finding out how the model is used");
        var overrides = ProfileMapping.ToOverrides(request.Configuration, request.Classes, request.UsualClasses);
        var usual = ModelOpener.Resolve(session, overrides);

        enter("running the model");
        var measurement = ModelOpener.Prove(session, usual.Profile!, request.MaxBatchSize, CancellationToken.None);
        Expectation[] expectations =
            [.. request.Pictures.Select(picture => new Expectation(picture, usual.Profile!.Classes, usual.ClassNamesKnown))];

        enter("trying the model on the pictures");
        var (chosen, trialNote) = ConventionTrial.Choose(
            session,
            overrides,
            usual,
            [.. KnownPositives(expectations).Select(i => (expectations[i], frames[i]))],
            Grey(usual.Profile!),
            measurement.Timings[0].Milliseconds);
        var resolution = ModelOpener.Resolve(session, chosen);
        var profile = resolution.Profile!;
        using var trial = new ModelTrial(session, profile);
        Repeat(trial, frames.FirstOrDefault() ?? Grey(profile));
        var kept = ProcessMemory.Resident() - before;
        PictureEvidence[] evidence = [.. frames.Select((frame, i) => Try(trial, request.Pictures[i], expectations[i], frame))];
        Note(usual, expectations);

        return new ModelInspection
        {
            Configuration = ProfileMapping.ToConfiguration(profile),
            Classes = [.. profile.Classes],
            InputChannels = profile.Input.Channels,
            MaxBatchSize = measurement.Limit,
            OptimalBatchSize = BatchSizePolicy.Choose(measurement.Timings).BatchSize,
            InferenceMilliseconds = measurement.Timings[0].Milliseconds,
            Signature = [.. session.Contract.Inputs.Concat(session.Contract.Outputs).Select(ModelContractReader.Describe)],
            Metadata = session.Contract.Metadata.ToDictionary(entry => entry.Key, entry => Shorten(entry.Value)),
            IrVersion = file.IrVersion,
            Opsets = new Dictionary<string, long>(file.Opsets),
            Producer = file.Producer,
            Parameters = file.Parameters,
            LoadMilliseconds = loaded.TotalMilliseconds,
            PeakMemoryBytes = Math.Max(0, ProcessMemory.Peak() - before),
            ModelMemoryBytes = Math.Max(0, kept),
            Provider = sessions.ExecutionProvider,
            ClassNamesKnown = usual.ClassNamesKnown,
            Chosen = [.. resolution.Notes, trialNote],
            Findings = [.. _findings],
            Evidence = evidence,
            FileBytes = model.Length,
            Nodes = file.Nodes,
            Documentation = file.Documentation,
            DeclaredAxes = [.. Declared(file.Graph)],
            TriedOnKnownPositive = KnownPositives(expectations).Any(),
        };
    }

    private IEnumerable<int> KnownPositives(Expectation[] expectations) => Enumerable.Range(0, expectations.Length)
        .Where(i => request.Pictures[i].Kind == GoldenPictureKind.KnownPositive && expectations[i].IsPossible);

    private void Repeat(ModelTrial trial, VideoFrame frame)
    {
        var (isRepeatable, isFinite) = trial.Repeat(frame);
        if (!isRepeatable)
        {
            _findings.Add("The same picture gave different results twice: what the model reports cannot be repeated exactly.");
        }

        if (!isFinite)
        {
            _findings.Add("Some of the model's outputs are infinite.");
        }
    }

    private PictureEvidence Try(ModelTrial trial, ValidationPicture picture, Expectation expectation, VideoFrame frame)
    {
        var found = trial.Find(frame);
        var sure = trial.Sure(found);
        var isMet = expectation.Exists ? expectation.IsMet(found) : (bool?)null;
        if (isMet == false)
        {
            Miss(picture, expectation, found);
        }

        return new PictureEvidence
        {
            Name = picture.Name,
            Kind = picture.Kind,
            Objects = [.. sure],
            AnnotatedJpeg = EvidencePicture.Annotate(frame, sure),
            FoundExpected = isMet,
        };
    }

    private void Miss(ValidationPicture picture, Expectation expectation, IReadOnlyList<EvidenceObject> found)
    {
        if (picture.Kind == GoldenPictureKind.Golden)
        {
            _findings.Add($"Not found on golden picture \"{picture.Name}\": {expectation.Describe(found)}.");
            return;
        }

        throw expectation.IsPossible
            ? new ModelFaultException(
                $"The model finds nothing on the category's known-positive picture \"{picture.Name}\", {expectation.Describe(found)}. "
                + "Check that colour order, scale and decoder are the model's own, and that the file is whole.")
            : new ModelFaultException(
                "labels",
                $"The category's known-positive picture \"{picture.Name}\" shows {string.Join(" or ", picture.ExpectedClasses)}; "
                + "the model has no such class. Give the class names of the model, or register it in another category.");
    }

    private void Note(ProfileResolution resolution, Expectation[] expectations)
    {
        if (!resolution.ClassNamesKnown)
        {
            _findings.Add("Nobody says what the model's classes are; give their names as labels before anybody relies on them.");
        }

        if (!KnownPositives(expectations).Any())
        {
            _findings.Add("There was no known-positive picture: nothing has shown that the model finds anything. It was warmed up on a grey picture.");
        }
        else if (!resolution.ClassNamesKnown)
        {
            _findings.Add("On the known-positive pictures any object counted: the model's classes have no names.");
        }
    }

    private VideoFrame Grey(ModelProfile profile)
    {
        var frame = _frames.Rent((profile.Input.Width + 1) / 2 * 2, (profile.Input.Height + 1) / 2 * 2);
        frame.Data.Span.Fill(Neutral);
        return frame;
    }

    private static IEnumerable<string> Declared(OnnxGraph graph)
    {
        HashSet<string> stored = [.. graph.Initializers];
        return graph.Inputs.Where(input => !stored.Contains(input.Name)).Concat(graph.Outputs).Select(OnnxChecks.Describe);
    }

    private static string Shorten(string text) => text.Length <= MetadataShown
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{text[..MetadataShown]}… ({text.Length} characters)");
}
