namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

/// <summary>
/// Reads one condition by recursive descent, weakest binding first: <c>||</c>, <c>&amp;&amp;</c>, comparisons,
/// <c>+ -</c>, <c>* /</c>, signs. After the first fault it stands at the end of the text, so that nothing more is read.
/// </summary>
internal sealed class ConditionParser(string text)
{
    private const string Number = "a number";
    private const string Truth = "a condition";
    private static readonly string[] Comparisons = ["<", "<=", ">", ">=", "==", "!="];
    private static readonly Literal Nothing = new(double.NaN);

    private IReadOnlyList<ConditionToken> _tokens = [];
    private int _next;
    private int _depth;
    private ConditionFault? _fault;

    private ConditionToken Current => _tokens[_next];

    public ParsedCondition Parse()
    {
        if (text.Length > Condition.LongestText)
        {
            return new(null, new(Condition.LongestText + 1, $"it has {text.Length} characters; at most {Condition.LongestText} are possible"));
        }

        _tokens = ConditionLexer.Cut(text);
        var start = Current.Position;
        var root = AsTruth(ReadOr(Truth), start);
        if (Current.Kind != ConditionTokenKind.End)
        {
            Fail(Current.Position, $"expected an operator or the end at {Current.Position}, found '{Current.Text}'");
        }

        return _fault is null ? new(new Condition(root), null) : new(null, _fault);
    }

    private ConditionNode ReadOr(string wanted)
    {
        var start = Current.Position;
        var left = ReadAnd(wanted);
        while (TakeSign("||") is not null)
        {
            var right = Current.Position;
            left = new Or(AsTruth(left, start), AsTruth(ReadAnd(Truth), right));
        }

        return left;
    }

    private ConditionNode ReadAnd(string wanted)
    {
        var start = Current.Position;
        var left = ReadComparison(wanted);
        while (TakeSign("&&") is not null)
        {
            var right = Current.Position;
            left = new And(AsTruth(left, start), AsTruth(ReadComparison(Truth), right));
        }

        return left;
    }

    private ConditionNode ReadComparison(string wanted)
    {
        var start = Current.Position;
        var left = ReadSum(wanted);
        if (TakeSign(Comparisons) is not { } sign)
        {
            return left;
        }

        var right = Current.Position;
        var comparison = new Comparison(sign, AsNumber(left, start), AsNumber(ReadSum(Number), right));
        return IsSign(Comparisons)
            ? Fail(Current.Position, $"expected && or || at {Current.Position}: comparisons cannot follow each other")
            : comparison;
    }

    private ConditionNode ReadSum(string wanted)
    {
        var start = Current.Position;
        var left = ReadProduct(wanted);
        while (TakeSign("+", "-") is { } sign)
        {
            var right = Current.Position;
            left = new Arithmetic(sign, AsNumber(left, start), AsNumber(ReadProduct(Number), right));
        }

        return left;
    }

    private ConditionNode ReadProduct(string wanted)
    {
        var start = Current.Position;
        var left = ReadSigned(wanted);
        while (TakeSign("*", "/") is { } sign)
        {
            var right = Current.Position;
            left = new Arithmetic(sign, AsNumber(left, start), AsNumber(ReadSigned(Number), right));
        }

        return left;
    }

    // Every way to go deeper leads through here.
    private ConditionNode ReadSigned(string wanted)
    {
        if (_depth == Condition.DeepestNesting)
        {
            return Fail(Current.Position, $"it is nested deeper than {Condition.DeepestNesting} at {Current.Position}");
        }

        _depth++;
        var node = TakeSign("-", "!") switch
        {
            "-" => ReadNegative(),
            "!" => ReadNot(),
            _ => ReadOperand(wanted),
        };
        _depth--;
        return node;
    }

    private Negative ReadNegative()
    {
        var start = Current.Position;
        return new(AsNumber(ReadSigned(Number), start));
    }

    private Not ReadNot()
    {
        var start = Current.Position;
        return new(AsTruth(ReadSigned(Truth), start));
    }

    private ConditionNode ReadOperand(string wanted)
    {
        var token = Current;
        if (token.Kind == ConditionTokenKind.Number)
        {
            _next++;
            return new Literal(token.Number);
        }

        if (token.Kind == ConditionTokenKind.Word)
        {
            _next++;
            return TakeSign("(") is null ? ReadName(token) : ReadCall(token);
        }

        if (TakeSign("(") is null)
        {
            return Fail(token.Position, $"expected {wanted} at {token.Position}");
        }

        var inner = ReadOr(wanted);
        Close();
        return inner;
    }

    private ConditionNode ReadName(ConditionToken word)
    {
        if (ConditionWords.TryName(word.Text, out var name))
        {
            return new Variable(name);
        }

        var after = word.Position + word.Text.Length;
        return ConditionWords.Function(word.Text) is null
            ? Fail(word.Position, $"nothing is called '{word.Text}' at {word.Position}: there are {ConditionWords.AllNames}")
            : Fail(after, $"expected ( after {word.Text} at {after}");
    }

    private ConditionNode ReadCall(ConditionToken word)
    {
        if (ConditionWords.Function(word.Text) is not { } function)
        {
            return Fail(word.Position, $"no function is called '{word.Text}' at {word.Position}: there are {ConditionWords.AllFunctions}");
        }

        var arguments = new List<NumberNode>();
        do
        {
            var start = Current.Position;
            arguments.Add(AsNumber(ReadOr(Number), start));
        }
        while (TakeSign(",") is not null);

        Close();
        return arguments.Count >= function.Fewest && arguments.Count <= function.Most
            ? function.Build([.. arguments])
            : Fail(word.Position, Miscounted(word, function, arguments.Count));
    }

    private static string Miscounted(ConditionToken word, ConditionFunction function, int count)
    {
        var takes = function.Fewest == function.Most ? $"{function.Fewest}" : $"{function.Fewest} to {function.Most}";
        return $"{word.Text} at {word.Position} takes {takes} number{(function.Most == 1 ? "" : "s")}, not {count}";
    }

    private void Close()
    {
        if (TakeSign(")") is null)
        {
            Fail(Current.Position, $"expected ) at {Current.Position}");
        }
    }

    private bool IsSign(params ReadOnlySpan<string> signs) => Current.Kind == ConditionTokenKind.Sign && signs.Contains(Current.Text);

    private string? TakeSign(params ReadOnlySpan<string> signs) => IsSign(signs) ? _tokens[_next++].Text : null;

    private NumberNode AsNumber(ConditionNode node, int position) =>
        node as NumberNode ?? Fail(position, $"expected a number at {position}, found a condition");

    private TruthNode AsTruth(ConditionNode node, int position)
    {
        if (node is TruthNode truth)
        {
            return truth;
        }

        Fail(position, $"expected a condition at {position}, found a number: compare it, as in result < 5");
        return new IsMissing(Nothing);
    }

    private Literal Fail(int position, string message)
    {
        // A character that cannot be read is the first thing wrong, whatever was expected in its place.
        _fault ??= Current.Kind == ConditionTokenKind.Fault ? new(Current.Position, Current.Text) : new(position, message);
        _next = _tokens.Count - 1;
        return Nothing;
    }
}
