using System.Globalization;
using System.Text;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// The newest head, kept as a file outside the database. A head that was signed once stays well signed: whoever owns the
/// database can take the last rows away and put the head back that stood before them. Only what is kept elsewhere tells.
/// </summary>
public sealed class AuditHeadNote(string path)
{
    private const int Fields = 4;

    /// <summary>Where it lies.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The head that was noted last; null where none was.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read or holds something else.</exception>
    public AuditHead? Read()
    {
        try
        {
            return Parse(File.ReadAllText(Path));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            throw new InvalidOperationException(
                $"{Path} cannot be read as a head of the audit trail: {failure.Message} See {AuditOptions.Section}:{nameof(AuditOptions.HeadFile)}.",
                failure);
        }
    }

    /// <summary>Notes a head in place of the one before. A reader finds the one or the other, whole.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(AuditHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var draft = $"{Path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.UTF8.GetBytes(Line(head)));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, Path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static string Line(AuditHead head) => string.Create(
        CultureInfo.InvariantCulture, $"{head.Day:yyyy-MM-dd} {head.Sequence} {head.Hash} {head.KeyId}\n");

    private static AuditHead Parse(string text)
    {
        var fields = text.TrimEnd().Split(' ');
        return fields.Length == Fields
            ? new(
                DateOnly.ParseExact(fields[0], "yyyy-MM-dd", CultureInfo.InvariantCulture),
                long.Parse(fields[1], CultureInfo.InvariantCulture),
                fields[2],
                fields[3])
            : throw new FormatException($"It has {fields.Length} fields and not {Fields}.");
    }
}
