using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>Appends frames to files of JSON lines. What is delivered is on the disk.</summary>
/// <param name="root">Folder below which destinations write; null: none may.</param>
/// <param name="time">Says which day it is.</param>
public sealed class FileSender(string? root, TimeProvider time) : IDestinationSender
{
    private static ReadOnlySpan<byte> LineEnd => "\n"u8;

    public bool Sends(OutputDestination destination) => destination is FileDestination;

    public async Task<SendResult> SendAsync(OutputDestination destination, Delivery delivery, CancellationToken cancellationToken)
    {
        var file = (FileDestination)destination;
        if (root is null)
        {
            return SendResult.Refused("no_root", "No folder is given for files on this machine.");
        }

        try
        {
            var folder = FolderOf(root, file.Directory);
            if (folder is null)
            {
                return SendResult.Refused("address", $"{file.Directory} leads out of the folder for files.");
            }

            if (delivery.IsTest)
            {
                return await TryAsync(folder, cancellationToken);
            }

            var series = new FileSeries(folder, $"{file.Name}-{delivery.DeploymentId.ToString("N")[..8]}");
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            await AppendAsync(series.Current(today, file.RollBytes), delivery, cancellationToken);
            series.Trim(file.MaxBytes);
            return SendResult.Delivered("It is in the file.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return SendResult.Unavailable("disk", $"The file cannot be written: {failure.Message}");
        }
    }

    private static async Task AppendAsync(string path, Delivery delivery, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            path,
            new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, Options = FileOptions.Asynchronous });
        await StartLineAsync(stream, cancellationToken);
        foreach (var frame in delivery.Frames)
        {
            await stream.WriteAsync(DeliveryJson.WriteOne(delivery, frame), cancellationToken);
            stream.Write(LineEnd);
        }

        stream.Flush(flushToDisk: true);
    }

    // Whoever wrote last may have been cut off in the middle of a line: what follows is not to be one with it.
    private static async Task StartLineAsync(FileStream stream, CancellationToken cancellationToken)
    {
        if (stream.Length == 0)
        {
            return;
        }

        var last = new byte[1];
        stream.Seek(-1, SeekOrigin.End);
        await stream.ReadExactlyAsync(last, cancellationToken);
        if (last[0] != LineEnd[0])
        {
            stream.Write(LineEnd);
        }
    }

    private static async Task<SendResult> TryAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $".test-{Guid.NewGuid():N}");
        await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        await stream.WriteAsync(new byte[] { LineEnd[0] }, cancellationToken);
        stream.Flush(flushToDisk: true);
        return SendResult.Delivered("The folder takes files.");
    }

    // The root may be anywhere; below it nothing may lead out.
    private static string? FolderOf(string root, string directory)
    {
        var folder = root;
        foreach (var part in directory.Split('/'))
        {
            folder = Path.Combine(folder, part);
            if (part is "" or "." or ".." || new DirectoryInfo(folder).LinkTarget is not null)
            {
                return null;
            }
        }

        return Directory.CreateDirectory(folder).FullName;
    }
}
