using FsCheck.Xunit;
using OrleansAiFleet.Vision.Detections;

namespace OrleansAiFleet.Vision.Tests.Detections;

public sealed class AssignmentTests
{
    private readonly Assignment _assignment = new();

    [Property(MaxTest = 200)]
    public void The_total_cost_is_the_least_of_all(int seed)
    {
        var random = new Random(seed);
        var rows = random.Next(1, 6);
        var columns = random.Next(rows, 7);
        float[] costs = [.. Enumerable.Range(0, rows * columns).Select(_ => random.Next(3) == 0 ? 1 : random.NextSingle())];
        var columnOfRow = new int[rows];

        _assignment.Solve(costs, rows, columns, columnOfRow);

        Assert.Equal(rows, columnOfRow.Distinct().Count());
        var total = columnOfRow.Select((column, row) => costs[(row * columns) + column]).Sum();
        Assert.Equal(Least(costs, rows, columns, 0, 0), total, 1e-4f);
    }

    [Fact]
    public void More_rows_than_columns_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _assignment.Solve([1, 2], 2, 1, new int[2]));

    private static float Least(float[] costs, int rows, int columns, int row, int taken)
    {
        if (row == rows)
        {
            return 0;
        }

        return Enumerable.Range(0, columns)
            .Where(column => (taken >> column & 1) == 0)
            .Min(column => costs[(row * columns) + column] + Least(costs, rows, columns, row + 1, taken | (1 << column)));
    }
}
