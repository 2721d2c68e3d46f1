using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// Reads as much of an ONNX file's protobuf as tells whether tensors lie in other files, without loading their content.
/// Field numbers: onnx.proto (ModelProto.graph 7; GraphProto node 1, initializer 5, sparse_initializer 15;
/// NodeProto.attribute 5; AttributeProto t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23;
/// SparseTensorProto values 1, indices 2; TensorProto external_data 13, data_location 14; ModelProto.functions 25,
/// FunctionProto.node 7).
/// </summary>
internal static class OnnxFile
{
    private const int MaximumDepth = 64;

    private enum Message
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        SparseTensor,
        Function,
        Leaf,
    }

    /// <exception cref="InvalidDataException">The file is not a protobuf message with a graph.</exception>
    public static unsafe bool UsesExternalWeights(string file)
    {
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var length = content.Length;
        if (length is 0 or > int.MaxValue)
        {
            throw new InvalidDataException($"A model file of {length} bytes cannot be.");
        }

        using var mapped = MemoryMappedFile.CreateFromFile(
            content, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var message = new ReadOnlySpan<byte>(start, (int)length);
            return HasGraph(message) ? IsExternal(message, Message.Model, 0) : throw Broken();
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static bool HasGraph(ReadOnlySpan<byte> model)
    {
        while (!model.IsEmpty)
        {
            if (ReadField(ref model, out var content, out _) == 7 && !content.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsExternal(ReadOnlySpan<byte> message, Message kind, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw Broken();
        }

        while (!message.IsEmpty)
        {
            var field = ReadField(ref message, out var content, out var number);
            if (kind == Message.Tensor && (field == 13 || (field == 14 && number == 1)))
            {
                return true;
            }

            var child = ChildOf(kind, field);
            if (child != Message.Leaf && IsExternal(content, child, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    private static Message ChildOf(Message kind, int field) => (kind, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) or (Message.Function, 7) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.SparseTensor,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Attribute, 22 or 23) => Message.SparseTensor,
        (Message.SparseTensor, 1 or 2) => Message.Tensor,
        _ => Message.Leaf,
    };

    private static int ReadField(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> content, out ulong number)
    {
        var tag = ReadVarint(ref rest);
        content = [];
        number = 0;
        switch (tag & 7)
        {
            case 0:
                number = ReadVarint(ref rest);
                break;
            case 1:
                number = BinaryPrimitives.ReadUInt64LittleEndian(Take(ref rest, sizeof(ulong)));
                break;
            case 2:
                content = Take(ref rest, ReadVarint(ref rest));
                break;
            case 5:
                number = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, sizeof(uint)));
                break;
            default:
                throw Broken();
        }

        return tag >> 3 is > 0 and <= int.MaxValue and var field ? (int)field : throw Broken();
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, ulong length)
    {
        if (length > (ulong)rest.Length)
        {
            throw Broken();
        }

        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> rest)
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

    private static InvalidDataException Broken() => new("The file is not an ONNX model.");
}
