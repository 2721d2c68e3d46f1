using System.Runtime.InteropServices;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>Utilisation of NVIDIA GPUs by NVML, the library that comes with the driver. Absent without a driver.</summary>
/// <remarks>Signatures: NVML API reference, nvml.h.</remarks>
internal sealed unsafe class NvidiaLibrary : IDisposable
{
    private const string Name = "libnvidia-ml.so.1";
    private const int Success = 0;

    private readonly IntPtr _library;
    private readonly delegate* unmanaged<IntPtr, Utilization*, int> _utilization;
    private readonly delegate* unmanaged<IntPtr, Memory*, int> _memory;
    private readonly IntPtr[] _devices;
    private bool _disposed;

    private NvidiaLibrary(IntPtr library, IntPtr[] devices)
    {
        (_library, _devices) = (library, devices);
        _utilization = (delegate* unmanaged<IntPtr, Utilization*, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetUtilizationRates");
        _memory = (delegate* unmanaged<IntPtr, Memory*, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetMemoryInfo");
    }

    /// <summary>The library with its GPUs, or null where there is no driver or no GPU.</summary>
    public static NvidiaLibrary? TryLoad()
    {
        if (!NativeLibrary.TryLoad(Name, out var library))
        {
            return null;
        }

        try
        {
            var initialize = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "nvmlInit_v2");
            if (initialize() == Success && FindDevices(library) is { Length: > 0 } devices)
            {
                return new(library, devices);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A driver too old for these functions counts as none.
        }

        NativeLibrary.Free(library);
        return null;
    }

    /// <summary>Mean utilisation in percent and memory in use in bytes; null for what the driver does not say.</summary>
    public (double? Percent, double? MemoryBytes) Read()
    {
        double percent = 0;
        double bytes = 0;
        var (percents, memories) = (0, 0);
        foreach (var device in _disposed ? [] : _devices)
        {
            Utilization utilization;
            if (_utilization(device, &utilization) == Success)
            {
                percent += utilization.Gpu;
                percents++;
            }

            Memory memory;
            if (_memory(device, &memory) == Success)
            {
                bytes += memory.Used;
                memories++;
            }
        }

        return (percents == 0 ? null : percent / percents, memories == 0 ? null : bytes);
    }

    /// <summary>Memory of all GPUs together in bytes; null where the driver does not say.</summary>
    public long? ReadTotalMemoryBytes()
    {
        ulong bytes = 0;
        foreach (var device in _disposed ? [] : _devices)
        {
            Memory memory;
            if (_memory(device, &memory) == Success)
            {
                bytes += memory.Total;
            }
        }

        return bytes == 0 ? null : (long)bytes;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            ((delegate* unmanaged<int>)NativeLibrary.GetExport(_library, "nvmlShutdown"))();
            NativeLibrary.Free(_library);
        }
    }

    private static IntPtr[] FindDevices(IntPtr library)
    {
        var count = (delegate* unmanaged<uint*, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetCount_v2");
        var handle = (delegate* unmanaged<uint, IntPtr*, int>)NativeLibrary.GetExport(library, "nvmlDeviceGetHandleByIndex_v2");
        uint found = 0;
        if (count(&found) != Success)
        {
            return [];
        }

        List<IntPtr> devices = [];
        for (uint index = 0; index < found; index++)
        {
            IntPtr device;
            if (handle(index, &device) == Success)
            {
                devices.Add(device);
            }
        }

        return [.. devices];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Utilization
    {
        public uint Gpu;
        public uint MemoryBus;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
