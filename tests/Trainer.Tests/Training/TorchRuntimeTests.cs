using System.Buffers.Binary;
using System.Text;

using OrleansAiFleet.Trainer.Training;

namespace OrleansAiFleet.Trainer.Tests.Training;

public sealed class TorchRuntimeTests
{
    private const int Header = 64;
    private const int Section = 64;
    private const int Strings = Header + (3 * Section);
    private const int Needs = Strings + 64;
    private const int Flags = 4;

    // First need names A 1, second B 1 and B 2, as the chains of an ELF file lie: 16 bytes per entry.
    private static readonly int[] FlagsOfB2 = [Needs + 64 + Flags];

    [Fact]
    public void Only_the_named_version_becomes_weak()
    {
        var image = Image();
        var before = image.ToArray();

        Assert.True(TorchRuntime.MarkWeak(image, "B_2"));

        var changed = Enumerable.Range(0, image.Length).Where(i => image[i] != before[i]);
        Assert.Equal(FlagsOfB2, changed);
        Assert.Equal(2 | 4, image[FlagsOfB2[0]]);
    }

    [Fact]
    public void Marked_again_it_stays_as_it_is()
    {
        var image = Image();
        TorchRuntime.MarkWeak(image, "B_2");
        var once = image.ToArray();

        Assert.True(TorchRuntime.MarkWeak(image, "B_2"));
        Assert.Equal(once, image);
    }

    [Theory]
    [InlineData("B_3")]
    [InlineData("B")]
    [InlineData("")]
    public void Version_that_is_not_named_changes_nothing(string version)
    {
        var image = Image();

        Assert.False(TorchRuntime.MarkWeak(image, version));
        Assert.Equal(Image(), image);
    }

    [Fact]
    public void What_is_no_such_image_is_left_alone()
    {
        var other = Image();
        other[4] = 1;

        Assert.False(TorchRuntime.MarkWeak(other, "B_2"));
        Assert.False(TorchRuntime.MarkWeak("no image"u8.ToArray(), "B_2"));
        Assert.False(TorchRuntime.MarkWeak([], "B_2"));
    }

    // Null section, string table, and the section of needed versions.
    private static byte[] Image()
    {
        var image = new byte[Needs + 80];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(image, 0);
        BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(0x28), Header);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x3a), Section);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x3c), 3);
        WriteSection(image, 1, type: 3, Strings, link: 0);
        WriteSection(image, 2, type: 0x6ffffffe, Needs, link: 1);
        Encoding.ASCII.GetBytes("\0A_1\0B_1\0B_2\0").CopyTo(image, Strings);
        WriteNeed(image, Needs, count: 1, next: 32);
        WriteVersion(image, Needs + 16, name: 1, next: 0);
        WriteNeed(image, Needs + 32, count: 2, next: 0);
        WriteVersion(image, Needs + 48, name: 5, next: 16);
        WriteVersion(image, Needs + 64, name: 9, next: 0);
        return image;
    }

    private static void WriteSection(byte[] image, int index, uint type, long offset, uint link)
    {
        var section = image.AsSpan(Header + (index * Section));
        BinaryPrimitives.WriteUInt32LittleEndian(section[4..], type);
        BinaryPrimitives.WriteInt64LittleEndian(section[0x18..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(section[0x28..], link);
    }

    private static void WriteNeed(byte[] image, int at, ushort count, uint next)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at + 2), count);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + 8), 16);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + 12), next);
    }

    // With a flag set already that must stay.
    private static void WriteVersion(byte[] image, int at, uint name, uint next)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at + Flags), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + 8), name);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + 12), next);
    }
}
