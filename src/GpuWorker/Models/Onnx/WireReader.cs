using System.Buffers.Binary;
using System.Text;

using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>Walks the fields of one protobuf message in memory. Copies nothing and never reads beyond the message.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the field last read.</summary>
    public int Field { get; private set; }

    /// <summary>Whether that field is a string, bytes, a message or packed numbers: then <see cref="Content"/> holds it.</summary>
    public bool HasContent { get; private set; }

    /// <summary>What that field holds; empty for a number.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The number that field holds; 0 for anything else.</summary>
    public ulong Number { get; private set; }

    /// <summary>Reads the next field; false at the end.</summary>
    /// <exception cref="ModelFaultException">There is none that can be.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint(ref _rest);
        Content = [];
        (Number, HasContent) = (0, false);
        switch (tag & 7)
        {
            case 0:
                Number = ReadVarint(ref _rest);
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case 2:
                Content = Take(ReadVarint(ref _rest));
                HasContent = true;
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            default:
                throw Broken();
        }

        Field = tag >> 3 is > 0 and <= int.MaxValue and var field ? (int)field : throw Broken();
        return true;
    }

    /// <summary>The content as text, if it is one and no longer than a name may be.</summary>
    /// <exception cref="ModelFaultException">It is not.</exception>
    public readonly string Text(int mostBytes)
    {
        if (Content.Length > mostBytes)
        {
            throw new ModelFaultException(
                $"The file has a name or text of {Content.Length} bytes where at most {mostBytes} are read; export the model anew.");
        }

        return Encoding.UTF8.GetString(Content);
    }

    /// <summary>Reads one number from the front of packed ones.</summary>
    /// <exception cref="ModelFaultException">There is none.</exception>
    public static ulong ReadVarint(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (var i = 0; i < 10 && i < rest.Length; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return value;
            }
        }

        throw Broken();
    }

    /// <summary>The fault of a file that cannot be read at all.</summary>
    public static ModelFaultException Broken() =>
        new("The file is not an ONNX model: export the model to ONNX and upload that.");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Broken();
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
