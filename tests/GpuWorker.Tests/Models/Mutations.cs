namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Damages a file as disks, networks and people do it.</summary>
internal static class Mutations
{
    // Lengths, tags and names stand between the weights, most of them near the ends.
    private const int Edge = 4096;

    public static byte[] Damage(byte[] file, Random random)
    {
        var damaged = file.ToArray();
        switch (random.Next(5))
        {
            case 0:
                return damaged[..random.Next(damaged.Length)];
            case 1:
                return damaged[random.Next(1, damaged.Length)..];
            case 2:
                Flip(damaged, random, random.Next(damaged.Length));
                return damaged;
            case 3:
                for (var i = 0; i < 8; i++)
                {
                    Flip(damaged, random, random.Next(2) == 0 ? random.Next(Edge) : damaged.Length - 1 - random.Next(Edge));
                }

                return damaged;
            default:
                var at = random.Next(damaged.Length);
                var stuff = new byte[random.Next(1, 64)];
                random.NextBytes(stuff);
                return [.. damaged[..at], .. stuff, .. damaged[at..]];
        }
    }

    private static void Flip(byte[] file, Random random, int at) => file[Math.Clamp(at, 0, file.Length - 1)] ^= (byte)(1 << random.Next(8));
}
