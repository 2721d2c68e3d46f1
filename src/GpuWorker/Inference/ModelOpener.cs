using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Opens a model file, finds out how it is used, and proves it on a neutral picture. Blocks: for a thread of its own.</summary>
internal sealed class ModelOpener(SessionFactory sessions)
{
    // Black to white is 16 to 235 in limited range, colour difference 128: this is grey.
    private const byte Neutral = 128;

    /// <exception cref="ModelFaultException">The model cannot be used.</exception>
    public OpenModel Open(string file, ProfileOverrides overrides, int maximumBatch, CancellationToken cancellationToken)
    {
        var session = sessions.Open(file);
        try
        {
            var profile = Resolve(session, overrides).Profile!;
            return new OpenModel(session, profile, Prove(session, profile, maximumBatch, cancellationToken));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>How the model is used; its profile is there.</summary>
    /// <exception cref="ModelFaultException">That cannot be found out, or what the owner says contradicts the file.</exception>
    public static ProfileResolution Resolve(OnnxSession session, ProfileOverrides overrides)
    {
        var resolution = ProfileResolver.Resolve(session.Contract, overrides);
        return resolution.Profile is not null ? resolution : throw new ModelFaultException(
            resolution.FaultField ?? ModelFaultException.FileField,
            resolution.FaultMessage ?? "The model's use cannot be found out.");
    }

    /// <summary>Runs the model as its profile says and measures it.</summary>
    /// <exception cref="ModelFaultException">It does not run, or its decoder does not read what it gives.</exception>
    public static BatchMeasurement Prove(
        OnnxSession session, ModelProfile profile, int maximumBatch, CancellationToken cancellationToken)
    {
        var measurement = BatchProbe.Measure(session, profile.Input, maximumBatch, cancellationToken);
        Try(session, profile);
        return measurement;
    }

    private static void Try(OnnxSession session, ModelProfile profile)
    {
        var frame = new FramePool(0).Rent(RoundUp(profile.Input.Width), RoundUp(profile.Input.Height));
        frame.Data.Span.Fill(Neutral);
        using var buffers = session.Allocate(profile.Input, maximumBatch: 1);
        try
        {
            var codec = new FrameCodec(profile, session.Contract);
            var transform = codec.Encode(frame, buffers, 0);
            codec.Decode(buffers.Run(1), 0, transform, 0, []);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or InvalidDataException
            or IndexOutOfRangeException or OnnxRuntimeException)
        {
            throw new ModelFaultException("configuration.decoder", $"The decoder does not fit the model's outputs: {exception.Message}");
        }
        finally
        {
            frame.Release();
        }
    }

    private static int RoundUp(int side) => side + (side & 1);
}

/// <summary>An open model, its use and its pace. Whoever has it owns the session.</summary>
internal sealed record OpenModel(OnnxSession Session, ModelProfile Profile, BatchMeasurement Measurement);
