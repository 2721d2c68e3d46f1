using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansAiFleet.Rollouts;

/// <summary>
/// The cameras of one scene in the order in which they go over, and when the next of them is due among all scenes: R. Tijdeman, The
/// chairman assignment problem (Discrete Mathematics 32, 1980), by which no scene is ever a whole camera before or behind its share.
/// </summary>
internal sealed class SceneQueue(IEnumerable<Guid> cameras, Guid rolloutId)
{
    private readonly (ulong Chance, Guid Id)[] _cameras = [.. cameras.Select(camera => (ChanceOf(camera, rolloutId), camera)).Order()];
    private int _taken;

    public int Size => _cameras.Length;

    /// <summary>Whether it may give its next camera already.</summary>
    /// <param name="place">The place that is given, from 1 on.</param>
    /// <param name="all">Cameras of all scenes.</param>
    /// <param name="scenes">How many scenes there are.</param>
    public bool IsDue(int place, int all, int scenes) => Behind(place, all) * Parts(scenes) >= all;

    /// <summary>
    /// In how many places it has to give its next camera at the latest, and what decides where several have as many. The least is next.
    /// </summary>
    public (double Places, ulong Chance, Guid Id) Urgency(int place, int all, int scenes)
    {
        var (chance, id) = _cameras[_taken];
        return ((((Parts(scenes) - 1) * all) - (Parts(scenes) * Behind(place, all))) / (double)Size, chance, id);
    }

    /// <summary>Its next camera.</summary>
    public Guid Take() => _cameras[_taken++].Id;

    // By how many cameras times all it would be behind its share, gave it none.
    private long Behind(int place, int all) => ((long)Size * place) - ((long)_taken * all);

    private static long Parts(int scenes) => Math.Max(1, (2L * scenes) - 2);

    // The first 64 bits of a SHA-256: even, and the same on every machine.
    private static ulong ChanceOf(Guid camera, Guid rolloutId)
    {
        Span<byte> text = stackalloc byte[32];
        rolloutId.TryWriteBytes(text, bigEndian: true, out _);
        camera.TryWriteBytes(text[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
