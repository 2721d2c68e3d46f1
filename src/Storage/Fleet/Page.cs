using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>One page of a list, newest first.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="NextCursor">Ask with it for the page after this one; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Which page of a list.</summary>
/// <param name="Limit">Rows on the page, 1 to <see cref="MaximumLimit"/>.</param>
/// <param name="Cursor">Where the page before this one ended, or null for the first.</param>
public sealed record PageRequest(int Limit = 50, string? Cursor = null)
{
    /// <summary>Most rows of one page.</summary>
    public const int MaximumLimit = 500;

    /// <summary>Reads the cursor.</summary>
    /// <exception cref="FleetRefusedException">Limit or cursor cannot be taken; the field is named.</exception>
    internal PageCursor? Check()
    {
        CheckLimit();
        return Cursor is null ? null : PageCursor.Parse(Cursor);
    }

    /// <summary>Checks the limit alone, where a list has cursors of its own.</summary>
    /// <exception cref="FleetRefusedException">The limit cannot be taken.</exception>
    internal void CheckLimit()
    {
        if (Limit is < 1 or > MaximumLimit)
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "limit", $"limit must be 1 to {MaximumLimit}.");
        }
    }

    /// <summary>Makes the page out of one row more than it holds.</summary>
    internal Page<T> Cut<T>(List<T> rows, Func<T, PageCursor> cursorOf)
    {
        if (rows.Count <= Limit)
        {
            return new(rows, null);
        }

        rows.RemoveRange(Limit, rows.Count - Limit);
        return new(rows, cursorOf(rows[^1]).ToString());
    }
}
