using System.Runtime.InteropServices;
using OpenCvSharp;
using OpenCvSharp.Dnn;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>
/// The reference: the usual way from a decoded frame to a detector's input with OpenCV. All pictures in between are kept
/// for the next frame; only the blob is new each time, as its function will have it. The native library of OpenCvSharp
/// wants GTK 3 on the machine (Debian: libgtk-3-0).
/// </summary>
internal sealed class OpenCvPreprocessing : IDisposable
{
    private readonly GCHandle _pin;
    private readonly Mat _yuv;
    private readonly Mat _bgr = new();
    private readonly Mat _resized = new();
    private readonly Mat _boxed = new();
    private readonly Mat _reals = new();
    private readonly Size _inner;
    private readonly Size _input;

    public OpenCvPreprocessing(byte[] i420, int width, int height, Size inner, Size input)
    {
        (_inner, _input) = (inner, input);
        _pin = GCHandle.Alloc(i420, GCHandleType.Pinned);
        _yuv = Mat.FromPixelData(height * 3 / 2, width, MatType.CV_8UC1, _pin.AddrOfPinnedObject());
    }

    /// <summary>cvtColor, resize, copyMakeBorder, blobFromImage.</summary>
    public Mat Blob()
    {
        Box(ColorConversionCodes.YUV2BGR_I420);
        return CvDnn.BlobFromImage(_boxed, 1 / 255.0, _input, default, swapRB: true, crop: false);
    }

    /// <summary>The same with convertTo and split in place of blobFromImage; the planes are new each time too.</summary>
    public void Split(Mat[] planes)
    {
        Box(ColorConversionCodes.YUV2RGB_I420);
        _boxed.ConvertTo(_reals, MatType.CV_32FC3, 1 / 255.0);
        Cv2.Split(_reals, out var split);
        for (var i = 0; i < split.Length; i++)
        {
            planes[i]?.Dispose();
            planes[i] = split[i];
        }
    }

    public void Dispose()
    {
        _reals.Dispose();
        _boxed.Dispose();
        _resized.Dispose();
        _bgr.Dispose();
        _yuv.Dispose();
        _pin.Free();
    }

    private void Box(ColorConversionCodes conversion)
    {
        Cv2.CvtColor(_yuv, _bgr, conversion);
        var picture = _bgr;
        if (_bgr.Size() != _inner)
        {
            Cv2.Resize(_bgr, _resized, _inner, 0, 0, InterpolationFlags.Linear);
            picture = _resized;
        }

        var (left, top) = ((_input.Width - _inner.Width) / 2, (_input.Height - _inner.Height) / 2);
        Cv2.CopyMakeBorder(
            picture,
            _boxed,
            top,
            _input.Height - _inner.Height - top,
            left,
            _input.Width - _inner.Width - left,
            BorderTypes.Constant,
            OpenCvSharp.Scalar.All(114));
    }
}
