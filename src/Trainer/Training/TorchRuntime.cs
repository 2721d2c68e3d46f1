using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>Makes TorchSharp's native library load on systems whose C++ runtime is older than the one it was linked with.</summary>
/// <remarks>
/// The library names the symbol version GLIBCXX_3.4.32 for one symbol that nothing in it calls. The loader refuses it for
/// the name alone. Marking that version as weak (<c>VER_FLG_WEAK</c>, ELF gABI, symbol versioning) in our copy makes the
/// loader accept it; where the C++ runtime is new enough, nothing is touched.
/// </remarks>
public static class TorchRuntime
{
    private const string Library = "libLibTorchSharp.so";
    private const string Version = "GLIBCXX_3.4.32";
    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort WeakFlag = 2;
    private const int HeaderBytes = 64;

    // The magic number, then 64 bits, then little-endian.
    private static ReadOnlySpan<byte> Identification => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Call once before anything of TorchSharp is touched.</summary>
    /// <exception cref="DllNotFoundException">The library cannot be loaded at all; the message is the loader's.</exception>
    public static void Prepare()
    {
        var path = Path.Combine(AppContext.BaseDirectory, Library);
        if (!OperatingSystem.IsLinux() || !File.Exists(path) || NativeLibrary.TryLoad(path, out _))
        {
            return;
        }

        // Written to a new file that takes the old one's name: another process may have the old one mapped.
        var image = File.ReadAllBytes(path);
        if (MarkWeak(image, Version))
        {
            var draft = $"{path}.{Environment.ProcessId}";
            File.WriteAllBytes(draft, image);
            File.Move(draft, path, overwrite: true);
        }

        NativeLibrary.Load(path);
    }

    /// <summary>Sets the weak flag of a needed version in a 64-bit little-endian ELF image; false where it is not named or the image is none.</summary>
    internal static bool MarkWeak(Span<byte> image, string version)
    {
        if (image.Length < HeaderBytes || !image.StartsWith(Identification))
        {
            return false;
        }

        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(image[0x28..]);
        var sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3a..]);
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3c..]);
        for (var i = 0; i < sectionCount; i++)
        {
            var section = image.Slice(sections + (i * sectionSize), sectionSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) == VersionNeedSection)
            {
                var strings = image.Slice(sections + ((int)BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]) * sectionSize));
                return MarkWeak(
                    image,
                    (int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]),
                    (int)BinaryPrimitives.ReadInt64LittleEndian(strings[0x18..]),
                    version);
            }
        }

        return false;
    }

    // Verneed entries chain by vn_next, each with Vernaux entries chained by vna_next.
    private static bool MarkWeak(Span<byte> image, int need, int strings, string version)
    {
        while (true)
        {
            var count = BinaryPrimitives.ReadUInt16LittleEndian(image[(need + 2)..]);
            var auxiliary = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 8)..]);
            for (var i = 0; i < count; i++)
            {
                var name = image[(strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(auxiliary + 8)..]))..];
                if (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) == version)
                {
                    var flags = image[(auxiliary + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
                    return true;
                }

                auxiliary += (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(auxiliary + 12)..]);
            }

            var next = (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 12)..]);
            if (next == 0)
            {
                return false;
            }

            need += next;
        }
    }
}
