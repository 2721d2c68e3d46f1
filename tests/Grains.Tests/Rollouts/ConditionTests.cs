using System.Globalization;

using FsCheck.Xunit;

using OrleansAiFleet.Rollouts.Analysis.Conditions;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class ConditionTests
{
    private static readonly ConditionValues Measured = new(result: 212, baseline: 120, difference: 92, lower: 80, upper: 104, samples: 500);
    private static readonly ConditionValues Nothing = new(null, null, null, null, null, null);

    [Theory]
    [InlineData("result > 200", true)]
    [InlineData("result >= 212", true)]
    [InlineData("result > 212", false)]
    [InlineData("result < 212", false)]
    [InlineData("result <= 212", true)]
    [InlineData("result == 212", true)]
    [InlineData("result != 212", false)]
    [InlineData("result == baseline + difference", true)]
    [InlineData("lower == 80 && upper == 104 && samples == 500", true)]
    [InlineData("1 + 2 * 3 == 7 && result > 0", true)]
    [InlineData("(1 + 2) * 3 == 9 && result > 0", true)]
    [InlineData("10 - 4 - 3 == 3 && result > 0", true)]
    [InlineData("12 / 4 / 3 == 1 && result > 0", true)]
    [InlineData("-2 * -3 == 6 && result > 0", true)]
    [InlineData("- -result == 212", true)]
    [InlineData("2.5e2 > result && 25E-1 < result && 1.5 < result", true)]
    [InlineData("result > 300 || result > 200 && lower > 0", true)]
    [InlineData("(result > 300 || result > 200) && lower > 90", false)]
    [InlineData("!(result > 300)", true)]
    [InlineData("!!(result > 300)", false)]
    [InlineData("abs(baseline - result) == 92", true)]
    [InlineData("min(result, baseline, 7) == 7 && max(result, baseline) == 212", true)]
    [InlineData("default(result, 1) == 212", true)]
    [InlineData("isNaN(result)", false)]
    [InlineData("isNaN(result / 0)", true)]
    [InlineData("\tresult\n>200 ", true)]
    public void Condition_holds_or_does_not(string text, bool holds) => Assert.Equal(holds, Parsed(text).Holds(Measured));

    [Theory]
    [InlineData("result > 200", "result has no value")]
    [InlineData("!(result > 200)", "result has no value")]
    [InlineData("result != result", "result has no value")]
    [InlineData("abs(lower) + upper * 0 < 1", "lower and upper have no value")]
    [InlineData("min(1, result) < 5", "result has no value")]
    [InlineData("max(1, result) > 0", "result has no value")]
    [InlineData("default(lower, upper) < 1", "lower and upper have no value")]
    [InlineData("default(lower, 0) < 1 && result < 1", "result has no value")]
    [InlineData("1 / 0 > 5 || isNaN(samples) && 0 / 0 == 0", "the condition's arithmetic gives no finite number")]
    [InlineData("1e308 * 10 > result", "result has no value")]
    public void What_rests_on_a_missing_value_neither_holds_nor_does_not(string text, string why)
    {
        var condition = Parsed(text);

        Assert.Null(condition.Holds(Nothing));
        Assert.Equal(why, condition.WhyUnknown(Nothing));
    }

    [Theory]
    [InlineData("default(result, 3) == 3", true)]
    [InlineData("isNaN(result)", true)]
    [InlineData("isNaN(lower) || lower > 0", true)]
    [InlineData("!isNaN(lower) && lower > 0", false)]
    [InlineData("lower > 0 || isNaN(lower)", true)]
    [InlineData("lower > 0 && !isNaN(lower)", false)]
    public void What_a_missing_value_cannot_change_is_known(string text, bool holds) => Assert.Equal(holds, Parsed(text).Holds(Nothing));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Number_that_is_not_finite_is_missing(double value)
    {
        var values = new ConditionValues(value, value, value, value, value, value);

        Assert.Null(Parsed("result > 0").Holds(values));
        Assert.Null(Parsed("result <= 0 || upper > lower").Holds(values));
        Assert.Equal(true, Parsed("isNaN(samples)").Holds(values));
    }

    [Theory]
    [InlineData("", "expected a condition at 1")]
    [InlineData("result", "expected a condition at 1, found a number: compare it, as in result < 5")]
    [InlineData("result > ", "expected a number at 10")]
    [InlineData("result > 5 && ", "expected a condition at 15")]
    [InlineData("result > 5 && upper", "expected a condition at 15, found a number: compare it, as in result < 5")]
    [InlineData("result || upper > 5", "expected a condition at 1, found a number: compare it, as in result < 5")]
    [InlineData("result > 5 || )", "expected a condition at 15")]
    [InlineData("(result > 5", "expected ) at 12")]
    [InlineData("result > 5)", "expected an operator or the end at 11, found ')'")]
    [InlineData("result > 5 6", "expected an operator or the end at 12, found '6'")]
    [InlineData("result > (upper > 5)", "expected a number at 10, found a condition")]
    [InlineData("(result > 5) + 1 > 2", "expected a number at 1, found a condition")]
    [InlineData("1 + (result > 5) > 2", "expected a number at 5, found a condition")]
    [InlineData("2 * (result > 5) > 2", "expected a number at 5, found a condition")]
    [InlineData("-(result > 5) > 2", "expected a number at 2, found a condition")]
    [InlineData("!result > 5", "expected a condition at 2, found a number: compare it, as in result < 5")]
    [InlineData("1 < result < 5", "expected && or || at 12: comparisons cannot follow each other")]
    [InlineData("result = 5", "'=' means nothing at 8: write == for equal")]
    [InlineData("result > 5 & upper > 5", "'&' means nothing at 12: write && for and")]
    [InlineData("result > 5 | upper > 5", "'|' means nothing at 12: write || for or")]
    [InlineData("result > .5", "'.' means nothing at 10: write 0.5, not .5")]
    [InlineData("result > 5; drop", "';' means nothing at 11")]
    [InlineData("result > 5 \u0007", "this character means nothing at 12")]
    [InlineData("result > 1e999", "the number at 10 is too large")]
    [InlineData("latency > 5", "nothing is called 'latency' at 1: there are result, baseline, difference, lower, upper, samples")]
    [InlineData("Result > 5", "nothing is called 'Result' at 1: there are result, baseline, difference, lower, upper, samples")]
    [InlineData("sqrt(result) > 5", "no function is called 'sqrt' at 1: there are abs, default, isNaN, max, min")]
    [InlineData("result(5) > 5", "no function is called 'result' at 1: there are abs, default, isNaN, max, min")]
    [InlineData("abs > 5", "expected ( after abs at 4")]
    [InlineData("abs() > 5", "expected a number at 5")]
    [InlineData("abs(result, 1) > 5", "abs at 1 takes 1 number, not 2")]
    [InlineData("1 > min(result)", "min at 5 takes 2 to 8 numbers, not 1")]
    [InlineData("max(1,2,3,4,5,6,7,8,9) > result", "max at 1 takes 2 to 8 numbers, not 9")]
    [InlineData("default(result) > 5", "default at 1 takes 2 numbers, not 1")]
    [InlineData("abs(result > 5) > 5", "expected a number at 5, found a condition")]
    [InlineData("isNaN(result) > 5", "expected a number at 1, found a condition")]
    [InlineData("result > min(1, 2", "expected ) at 18")]
    public void Text_that_is_no_condition_says_where_and_why(string text, string message)
    {
        var (condition, fault) = Condition.Parse(text);

        Assert.Null(condition);
        Assert.Equal(message, fault!.Message);
        Assert.Contains(fault.Position.ToString(CultureInfo.InvariantCulture), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_may_be_500_characters_long_and_no_longer()
    {
        var sum = "result > 1" + string.Concat(Enumerable.Repeat("+1", 245));

        Assert.Equal(Condition.LongestText, sum.Length);
        Assert.NotNull(Parsed(sum).Holds(Measured));
        Assert.Equal("it has 501 characters; at most 500 are possible", Condition.Parse(sum + " ").Fault!.Message);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("abs(", ")")]
    [InlineData("-", "")]
    public void Nesting_may_be_32_deep_and_no_deeper(string open, string close)
    {
        Assert.NotNull(Condition.Parse(Nested(31)).Condition);
        Assert.Contains("nested deeper than 32", Condition.Parse(Nested(32)).Fault!.Message, StringComparison.Ordinal);

        string Nested(int levels) =>
            $"{string.Concat(Enumerable.Repeat(open, levels))}result{string.Concat(Enumerable.Repeat(close, levels))} < 5";
    }

    [Fact]
    public void Condition_knows_what_it_names() => Assert.Equal(
        [ConditionName.Result, ConditionName.Lower, ConditionName.Upper],
        Parsed("isNaN(lower) || default(upper, 1) > 2 && !(result == result)").Names.Order());

    [Property(MaxTest = 500)]
    public void Any_text_is_read_or_refused_with_a_place_in_it(string? text)
    {
        var (condition, fault) = Condition.Parse(text ?? "");

        Assert.True(condition is null != fault is null);
        Assert.True(fault is null || fault.Position >= 1 && fault.Position <= (text ?? "").Length + 1);
    }

    [Property(MaxTest = 500)]
    public void Any_words_are_read_or_refused_with_a_place_in_them(int seed)
    {
        string[] words = ["result", "lower", "5", "0.5", "(", ")", "abs(", "min(", "isNaN(", ",", "&&", "||", "!", "<", "==", "+", "-", "*", "/"];
        var random = new Random(seed);
        var text = string.Join(' ', random.GetItems(words, random.Next(1, 14)));

        var (condition, fault) = Condition.Parse(text);

        Assert.True(condition is null != fault is null, text);
        Assert.True(fault is null || fault.Position >= 1 && fault.Position <= text.Length + 1, text);
    }

    [Property(MaxTest = 500)]
    public void Arithmetic_is_that_of_the_language_around(int seed)
    {
        var random = new Random(seed);
        var (text, value) = Sum(random, 4);
        var expected = double.IsFinite(value) ? value < 1.5 : (bool?)null;

        Assert.Equal(expected, Parsed($"{text} < 1.5").Holds(Measured));
    }

    private static (string Text, double Value) Sum(Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
        {
            var number = random.Next(1000) / 4.0;
            return (number.ToString(CultureInfo.InvariantCulture), number);
        }

        var (left, a) = Sum(random, depth - 1);
        var (right, b) = Sum(random, depth - 1);
        return random.Next(6) switch
        {
            0 => ($"({left} + {right})", a + b),
            1 => ($"({left} - {right})", a - b),
            2 => ($"({left} * {right})", a * b),
            3 => ($"({left} / {right})", double.IsFinite(a / b) ? a / b : double.NaN),
            4 => ($"min({left}, {right})", Math.Min(a, b)),
            _ => ($"-({left})", -a),
        };
    }

    private static Condition Parsed(string text)
    {
        var (condition, fault) = Condition.Parse(text);
        Assert.Null(fault);
        return condition!;
    }
}
