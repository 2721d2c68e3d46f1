using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>A model version as lists have it: without the report of its validation, which is larger than all the rest.</summary>
/// <param name="Model">The row less that column.</param>
/// <param name="RowVersion">Another one after every change of the row.</param>
public sealed record ListedModel(AiModel Model, uint RowVersion)
{
    private static readonly ConstructorInfo Create = typeof(ListedModel).GetConstructor([typeof(AiModel), typeof(uint)])!;
    private static readonly ParameterExpression Row = Expression.Parameter(typeof(AiModel), "model");

    /// <summary>All columns but that one.</summary>
    internal static Expression<Func<AiModel, AiModel>> Columns { get; } = Expression.Lambda<Func<AiModel, AiModel>>(
        Expression.MemberInit(
            Expression.New(typeof(AiModel)),
            typeof(AiModel).GetProperties()
                .Where(column => column.CanWrite && column.Name != nameof(AiModel.Validation))
                .Select(column => Expression.Bind(column, Expression.Property(Row, column)))),
        Row);

    /// <summary>The same with the row's version.</summary>
    internal static Expression<Func<AiModel, ListedModel>> WithVersion { get; } = Expression.Lambda<Func<AiModel, ListedModel>>(
        Expression.New(
            Create,
            Columns.Body,
            Expression.Call(typeof(EF), nameof(EF.Property), [typeof(uint)], Row, Expression.Constant(FleetContext.RowVersion))),
        Row);
}

/// <summary>A row that a search found.</summary>
/// <param name="Id">The row.</param>
/// <param name="RowVersion">Another one after every change of the row.</param>
public readonly record struct FoundModel(Guid Id, uint RowVersion);
