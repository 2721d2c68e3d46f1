using System.Net.Mime;
using System.Text.Json;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>A <see cref="Page{T}"/> whose rows are JSON already.</summary>
/// <param name="Items">Rows, each a JSON object in UTF-8.</param>
/// <param name="NextCursor">As a page has it.</param>
internal sealed record JsonPage(IReadOnlyList<byte[]> Items, string? NextCursor) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{MediaTypeNames.Application.Json}; charset=utf-8";
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        foreach (var item in Items)
        {
            writer.WriteRawValue(item, skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteString("next_cursor"u8, NextCursor);
        writer.WriteEndObject();
        await writer.FlushAsync(httpContext.RequestAborted);
    }
}
