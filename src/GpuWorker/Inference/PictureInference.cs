using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// Pictures from outside on this worker: decoded beside the grains' turns, queued with the cameras' frames behind all that is
/// live, answered in the words of the model's own configuration. Keeps no picture.
/// </summary>
internal sealed partial class PictureInference(IModelRepository models, TimeProvider time, ILogger<PictureInference> logger) : IDisposable
{
    private static readonly SKEncodedImageFormat[] Formats = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp];

    private readonly FramePool _frames = new(maximumRetainedBytes: 16L << 20);

    // Each takes a core and, at most, four bytes for each pixel that may be; cameras need the other cores.
    private readonly SemaphoreSlim _decoders = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>See <see cref="IInferenceService.InferPicture"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<InferredPicture> InferAsync(PictureToInfer picture, CancellationToken cancellationToken)
    {
        if (picture.Timeout <= TimeSpan.Zero)
        {
            return new() { Fault = PictureFault.TimedOut };
        }

        using var timeout = new CancellationTokenSource(picture.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await DecodeAndInferAsync(picture, linked.Token);
        }
        catch (PictureFaultException fault)
        {
            return new() { Fault = fault.Fault, Width = fault.Width, Height = fault.Height };
        }
        catch (ModelLoadException)
        {
            // The repository has said why in the log.
            return new() { Fault = PictureFault.ModelNotReady };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new() { Fault = PictureFault.TimedOut };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, picture.Model.DisplayName, picture.DeploymentId);
            return new() { Fault = PictureFault.Failed };
        }
    }

    public void Dispose() => _decoders.Dispose();

    private async Task<InferredPicture> DecodeAndInferAsync(PictureToInfer picture, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await _decoders.WaitAsync(cancellationToken);
        var waited = time.GetElapsedTime(started).TotalMilliseconds;
        DecodedPicture decoded;
        try
        {
            // Tens of milliseconds of CPU: off the turn that called.
            decoded = await Task.Run(() => PictureDecoder.Read(picture.Content, LimitsOf(picture), _frames), cancellationToken);
        }
        finally
        {
            _decoders.Release();
        }

        var decoding = time.GetElapsedTime(started).TotalMilliseconds - waited;
        try
        {
            var left = picture.Timeout - time.GetElapsedTime(started);
            await using var lease = await models.AcquireAsync(picture.Model, cancellationToken);
            return await InferAsync(lease, decoded, picture, left, waited, decoding, cancellationToken);
        }
        finally
        {
            decoded.Frame.Release();
        }
    }

    private static async Task<InferredPicture> InferAsync(
        IModelLease lease,
        DecodedPicture decoded,
        PictureToInfer picture,
        TimeSpan left,
        double waited,
        double decoding,
        CancellationToken cancellationToken)
    {
        var rules = ProfileMapping.ToRules(picture.Model);
        var request = new FrameRequest(
            picture.DeploymentId,
            InferencePriority.Recording,
            rules.LowestThreshold(picture.ConfidenceThreshold),
            left,
            MaySupersede: false,
            MaySpill: false,
            picture.BatchSize);
        var outcome = await lease.InferAsync(decoded.Frame, request, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return new()
        {
            Fault = FaultOf(outcome.Skipped),
            Width = decoded.Width,
            Height = decoded.Height,
            Objects = ObjectsOf(outcome.Objects, rules, picture.ConfidenceThreshold, decoded),
            QueueMilliseconds = waited + outcome.QueueMilliseconds,
            PreprocessMilliseconds = decoding + outcome.PreprocessMilliseconds,
            InferMilliseconds = outcome.InferMilliseconds,
            PostprocessMilliseconds = outcome.PostprocessMilliseconds,
        };
    }

    private static PictureObject[] ObjectsOf(IReadOnlyList<ObjectBox> found, ObjectRules rules, float threshold, DecodedPicture seen) =>
    [
        .. found
            .Where(box => rules.Counts(box) && box.Confidence >= rules.ThresholdOf(box.ClassId, threshold))
            .Select(box => new PictureObject(
                box.ClassId,
                rules.NameOf(box.ClassId)!,
                box.Confidence,
                box.X * seen.SeenWidth,
                box.Y * seen.SeenHeight,
                box.Width * seen.SeenWidth,
                box.Height * seen.SeenHeight)),
    ];

    // A model with a larger input than people are shown gets the pixels that it can use.
    private static PictureLimits LimitsOf(PictureToInfer picture) => new(
        Formats,
        picture.MostSide,
        picture.MostPixels,
        Math.Max(EvidencePicture.WorkingSide, LongestInput(picture.Model.Configuration)));

    private static int LongestInput(ModelConfiguration configuration) => Math.Max(configuration.InputWidth ?? 0, configuration.InputHeight ?? 0);

    private static PictureFault? FaultOf(SkipReason? skipped) => skipped switch
    {
        null => null,
        SkipReason.QueueFull => PictureFault.Busy,
        SkipReason.TimedOut => PictureFault.TimedOut,
        SkipReason.ModelNotReady => PictureFault.ModelNotReady,
        _ => PictureFault.Failed,
    };

    [LoggerMessage(LogLevel.Warning, "Model {Model} failed at a picture for deployment {Deployment}")]
    private partial void LogFailed(Exception exception, string model, Guid deployment);
}
