using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OrleansAiFleet.SampleData.Models;

/// <summary>
/// Finds the weights in an ONNX file and changes them where they lie. Field numbers are those of <c>onnx.proto</c> (ONNX 1.x):
/// ModelProto.graph 7, GraphProto.initializer 5, TensorProto.dims 1, data_type 2, raw_data 9.
/// </summary>
internal static class OnnxWeights
{
    private const int Graph = 7;
    private const int Initializer = 5;
    private const int Dimensions = 1;
    private const int DataType = 2;
    private const int RawData = 9;
    private const ulong Float = 1;

    /// <summary>A change of one tensor's values.</summary>
    /// <param name="weights">The values, to be changed in place.</param>
    /// <param name="dimensions">How many dimensions the tensor has; kernels of convolutions have four.</param>
    public delegate void Change(Span<float> weights, int dimensions);

    /// <summary>The file with every float tensor changed.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file, or its weights lie elsewhere.</exception>
    public static byte[] Changed(ReadOnlySpan<byte> model, Change change)
    {
        var copy = model.ToArray();
        var changed = 0;
        foreach (var graph in Fields(copy, 0, copy.Length).Where(field => field.Number == Graph))
        {
            foreach (var tensor in Fields(copy, graph.Start, graph.End).Where(field => field.Number == Initializer))
            {
                changed += TryChange(copy, Fields(copy, tensor.Start, tensor.End), change) ? 1 : 0;
            }
        }

        return changed > 0 ? copy : throw new InvalidDataException("The file has no float weights of its own.");
    }

    private static bool TryChange(byte[] model, List<WireField> tensor, Change change)
    {
        var raw = tensor.Find(field => field.Number == RawData);
        if (raw.End == raw.Start || tensor.Find(field => field.Number == DataType).Value != Float)
        {
            return false;
        }

        // Packed, the dimensions are one field; one varint of one byte each but for sizes from 128 on.
        var dimensions = tensor.Where(field => field.Number == Dimensions).Sum(field =>
            field.End > field.Start ? model.AsSpan(field.Start, field.End - field.Start).ToArray().Count(value => value < 0x80) : 1);
        change(MemoryMarshal.Cast<byte, float>(model.AsSpan(raw.Start, raw.End - raw.Start)), dimensions);
        return true;
    }

    private static List<WireField> Fields(byte[] message, int start, int end)
    {
        var fields = new List<WireField>();
        for (var at = start; at < end;)
        {
            var key = Varint(message, ref at, end);
            var (number, kind) = ((int)(key >> 3), (int)(key & 7));
            switch (kind)
            {
                case 0:
                    fields.Add(new(number, at, at, Varint(message, ref at, end)));
                    break;
                case 1:
                    fields.Add(new(number, at, at, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at, 8))));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at, end);
                    fields.Add(new(number, at, at + length, 0));
                    at += length;
                    break;
                case 5:
                    fields.Add(new(number, at, at, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at, 4))));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {kind} at byte {at}.");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at, int end)
    {
        ulong value = 0;
        for (var shift = 0; at < end && shift < 64; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"A number does not end at byte {at}.");
    }

    private readonly record struct WireField(int Number, int Start, int End, ulong Value);
}
