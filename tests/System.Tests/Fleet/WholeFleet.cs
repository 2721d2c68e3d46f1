namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>Whole fleets run one after the other: each has the machine to itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeFleet
{
    public const string Name = "whole fleet";
}
