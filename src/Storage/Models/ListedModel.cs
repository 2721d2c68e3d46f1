using System.Linq.Expressions;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Storage.Models;

/// <summary>A model version as lists have it: without the report of its validation, which is larger than all the rest.</summary>
internal static class ListedModel
{
    /// <summary>All columns but that one.</summary>
    public static Expression<Func<AiModel, AiModel>> Columns { get; } = Create();

    private static Expression<Func<AiModel, AiModel>> Create()
    {
        var row = Expression.Parameter(typeof(AiModel), "model");
        var columns = typeof(AiModel).GetProperties()
            .Where(column => column.CanWrite && column.Name != nameof(AiModel.Validation))
            .Select(column => Expression.Bind(column, Expression.Property(row, column)));
        return Expression.Lambda<Func<AiModel, AiModel>>(Expression.MemberInit(Expression.New(typeof(AiModel)), columns), row);
    }
}
