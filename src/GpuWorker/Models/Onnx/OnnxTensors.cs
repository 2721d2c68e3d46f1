using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>
/// Reads tensors of an ONNX file: what they say of their size must be what they hold, and they hold it themselves.
/// Field numbers of onnx.proto: TensorProto dims 1, data_type 2, float_data 4, int32_data 5, string_data 6, int64_data 7,
/// name 8, raw_data 9, double_data 10, uint64_data 11, external_data 13, data_location 14; SparseTensorProto values 1,
/// indices 2, dims 3.
/// </summary>
internal sealed class OnnxTensors
{
    private const int Text = 8;

    // Of one element by data_type (onnx.proto TensorProto.DataType); 0 for what has no fixed size.
    private static readonly int[] Bits =
        [0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4, 8, 2, 2];

    private long _sparseElements;

    /// <summary>Reads one tensor.</summary>
    /// <returns>Its name and how many elements it has.</returns>
    /// <exception cref="ModelFaultException">Its data lie outside the file, or are not what it says.</exception>
    public static (string Name, long Elements) Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var shape = new ShapeReader();
        var (name, type, entries, rawBytes, isExternal) = ("", 0UL, 0L, -1L, false);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    shape.Add(reader);
                    break;
                case 2:
                    type = reader.Number;
                    break;
                case 4 or 5 or 7 or 10 or 11:
                    entries += CountEntries(reader);
                    break;
                case 6:
                    entries++;
                    break;
                case 8:
                    name = reader.Text(OnnxLimits.NameBytes);
                    break;
                case 9:
                    rawBytes = rawBytes < 0 ? reader.Content.Length : throw WireReader.Broken();
                    break;
                case 13:
                    isExternal = true;
                    break;
                case 14:
                    isExternal |= reader.Number == 1;
                    break;
            }
        }

        if (isExternal)
        {
            throw new ModelFaultException($"The model keeps its weights in other files (tensor {OnnxParser.Quote(name)}): save it as one ONNX file.");
        }

        Verify(name, type, shape, entries, rawBytes);
        return (name, shape.Elements);
    }

    /// <summary>Reads one sparse tensor; its name is that of its values.</summary>
    /// <returns>Its name and how many elements the file holds of it.</returns>
    /// <exception cref="ModelFaultException">As for a tensor, or spread out it is too large.</exception>
    public (string Name, long Elements) ReadSparse(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var shape = new ShapeReader();
        var values = ("", 0L);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    values = Read(reader.Content);
                    break;
                case 2:
                    Read(reader.Content);
                    break;
                case 3:
                    shape.Add(reader);
                    break;
            }
        }

        _sparseElements += Math.Min(shape.Elements, OnnxLimits.SparseElements + 1);
        return _sparseElements <= OnnxLimits.SparseElements
            ? values
            : throw new ModelFaultException(
                $"The model's sparse tensors have more than {OnnxLimits.SparseElements} elements when spread out "
                + $"(tensor {OnnxParser.Quote(values.Item1)} {shape}): save it without sparse tensors.");
    }

    private static void Verify(string name, ulong type, ShapeReader shape, long entries, long rawBytes)
    {
        if (type is 0 || type >= (ulong)Bits.Length)
        {
            throw new ModelFaultException($"Tensor {OnnxParser.Quote(name)} is of the unknown type {type}: export the model anew.");
        }

        var bits = Bits[type];
        if (rawBytes >= 0)
        {
            if (type == Text || ((Int128)shape.Elements * bits + 7) / 8 != rawBytes)
            {
                throw Mismatch(name, shape, $"{rawBytes} bytes");
            }

            return;
        }

        // Two numbers are one complex element, one number is two elements of four bits or four of two.
        var most = bits is > 0 and < 8 ? entries * (8 / bits) : entries;
        if (shape.Elements > most)
        {
            throw Mismatch(name, shape, $"{entries} numbers");
        }
    }

    private static ModelFaultException Mismatch(string name, ShapeReader shape, string held) => new(
        $"Tensor {OnnxParser.Quote(name)} says that it is {shape} ({shape.Elements} elements), but the file holds {held} of it: export the model anew.");

    private static long CountEntries(in WireReader reader)
    {
        if (!reader.HasContent)
        {
            return 1;
        }

        var rest = reader.Content;
        switch (reader.Field)
        {
            case 4:
                return rest.Length / sizeof(float);
            case 10:
                return rest.Length / sizeof(double);
            default:
                var count = 0L;
                foreach (var part in rest)
                {
                    count += part < 0x80 ? 1 : 0;
                }

                return count;
        }
    }
}
