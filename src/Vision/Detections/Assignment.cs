namespace OrleansAiFleet.Vision.Detections;

/// <summary>
/// Assigns rows to columns at the least total cost (Hungarian method by shortest augmenting paths; Jonker and Volgenant
/// 1987). Optimal rather than greedy: in a crowd the best single pair may leave another object with none, and that
/// object would lose its id. A frame has few objects that overlap several tracks, so nearly every path has one step.
/// Buffers are reused.
/// </summary>
internal sealed class Assignment
{
    private double[] _rowPrice = [];
    private double[] _columnPrice = [];
    private double[] _shortest = [];
    private int[] _rowOfColumn = [];
    private int[] _previous = [];
    private bool[] _isVisited = [];

    /// <summary>Solves for as many rows as there are, each with one column of its own.</summary>
    /// <param name="costs">Row by row; rows × columns values.</param>
    /// <param name="rows">At most as many as columns.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="columnOfRow">Receives the column of each row.</param>
    public void Solve(ReadOnlySpan<float> costs, int rows, int columns, Span<int> columnOfRow)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, columns);
        Prepare(rows, columns);
        for (var row = 1; row <= rows; row++)
        {
            Augment(FindPath(costs, row, columns));
        }

        for (var column = 1; column <= columns; column++)
        {
            if (_rowOfColumn[column] > 0)
            {
                columnOfRow[_rowOfColumn[column] - 1] = column - 1;
            }
        }
    }

    // Rows and columns count from 1; column 0 stands for "the row being placed".
    private void Prepare(int rows, int columns)
    {
        if (_rowPrice.Length <= rows)
        {
            _rowPrice = new double[rows * 2];
        }

        if (_columnPrice.Length <= columns)
        {
            var length = (columns + 1) * 2;
            (_columnPrice, _shortest) = (new double[length], new double[length]);
            (_rowOfColumn, _previous, _isVisited) = (new int[length], new int[length], new bool[length]);
        }

        _rowPrice.AsSpan().Clear();
        _columnPrice.AsSpan().Clear();
        _rowOfColumn.AsSpan().Clear();
    }

    /// <summary>Finds the free column at the end of the cheapest path from a row.</summary>
    private int FindPath(ReadOnlySpan<float> costs, int row, int columns)
    {
        _rowOfColumn[0] = row;
        _shortest.AsSpan(0, columns + 1).Fill(double.PositiveInfinity);
        _isVisited.AsSpan(0, columns + 1).Clear();
        var column = 0;
        while (_rowOfColumn[column] != 0)
        {
            _isVisited[column] = true;
            column = Relax(costs, column, columns);
        }

        return column;
    }

    private int Relax(ReadOnlySpan<float> costs, int from, int columns)
    {
        var row = _rowOfColumn[from];
        var rowCosts = costs.Slice((row - 1) * columns, columns);
        var (next, least) = (0, double.PositiveInfinity);
        for (var column = 1; column <= columns; column++)
        {
            if (_isVisited[column])
            {
                continue;
            }

            var cost = rowCosts[column - 1] - _rowPrice[row] - _columnPrice[column];
            if (cost < _shortest[column])
            {
                (_shortest[column], _previous[column]) = (cost, from);
            }

            if (_shortest[column] < least)
            {
                (next, least) = (column, _shortest[column]);
            }
        }

        AdjustPrices(least, columns);
        return next;
    }

    private void AdjustPrices(double by, int columns)
    {
        for (var column = 0; column <= columns; column++)
        {
            if (_isVisited[column])
            {
                _rowPrice[_rowOfColumn[column]] += by;
                _columnPrice[column] -= by;
            }
            else
            {
                _shortest[column] -= by;
            }
        }
    }

    private void Augment(int column)
    {
        while (column != 0)
        {
            var previous = _previous[column];
            _rowOfColumn[column] = _rowOfColumn[previous];
            column = previous;
        }
    }
}
