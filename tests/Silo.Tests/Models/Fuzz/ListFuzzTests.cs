using System.Buffers.Text;

using OrleansAiFleet.Silo.Tests.Access;

namespace OrleansAiFleet.Silo.Tests.Models.Fuzz;

/// <summary>Questions that nobody means well with: answered or refused, never a fault, and nothing is changed by them.</summary>
[Collection(FuzzedSilo.Name)]
public sealed class ListFuzzTests(ControlSilo silo)
{
    private const int Seed = 20_260_304;

    private static readonly string[] Parameters =
    [
        "q", "model_type", "category", "status", "lifecycle_stage", "approval_status", "name", "framework", "author", "organization", "license_type",
        "created_by", "created_from", "created_to", "min_inference_time_ms", "max_throughput_fps", "min_baseline_accuracy",
        "max_model_file_size_mb", "max_min_gpu_memory_gb", "deployed_site_id", "deployed", "include_archived", "sort", "limit", "cursor",
    ];

    private static readonly string[] Sorts =
    [
        "name; DROP TABLE ai_models", "name DESC", "--name", "-", "name,id", "(SELECT 1)", "id", "validation", "Name", "-created_at-", "created_at\0", "1",
    ];

    [Fact]
    public async Task Queries_of_lists()
    {
        var attack = new Attack(silo);
        var random = new Random(Seed);
        foreach (var parameter in Parameters)
        {
            foreach (var value in random.GetItems(Hostile.QueryValues, 14))
            {
                await GetAsync($"/api/admin/ai-models?{parameter}={Escape(value)}");
            }
        }

        foreach (var value in Hostile.QueryValues.Where(value => value.Length < 5000))
        {
            await GetAsync($"/api/admin/ai-models?q={Escape(value)}");
            await GetAsync($"/api/admin/ai-models?sort=name&cursor={Cursor("name", value, Hostile.NoId)}");
            await GetAsync($"/api/admin/ai-models?cursor={Cursor("-created_at", value, Hostile.NoId)}");
            await GetAsync($"/api/admin/ai-models?sort=-throughput_fps&cursor={Cursor("-throughput_fps", value, Hostile.NoId)}");
            await GetAsync($"/api/admin/ai-models/performance-comparison?ids={Escape(value)}&from={Escape(value)}");
            await GetAsync($"/api/admin/ai-models/{silo.Model}/timeline?at={Escape(value)}");
        }

        foreach (var sort in Sorts)
        {
            await GetAsync($"/api/admin/ai-models?sort={Escape(sort)}");
        }

        foreach (var query in (string[])[
            "limit=0", "limit=501", "limit=99999999999999999999", "limit=1.5", "limit=-1", "min_throughput_fps=79228162514264337593543950336", "sort=name&sort=id",
            "min_throughput_fps=79228162514264337593543950335", "created_from=0001-01-01T00:00:00%2B14:00", "created_to=9999-12-31T23:59:59-14:00", "q=%00",
            "name=%ED%A0%80", "q=%F0%9F", "cursor=AA", "cursor=W10", "cursor=bnVsbA", "%00=1", "q=a&q=b", "status=7", "status=-1", "status=approved,archived"])
        {
            await GetAsync($"/api/admin/ai-models?{query}");
        }

        foreach (var moment in (string[])["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-02-30", "0001-01-01T00:00:00%2B14:00"])
        {
            await GetAsync($"/api/admin/ai-models/{silo.Model}/timeline?to={moment}");
            await GetAsync($"/api/admin/ai-models/resource-utilization?from={moment}");
            await GetAsync($"/api/admin/ai-models/resource-utilization?to={moment}");
        }

        attack.AssertWithstood(600);
        await silo.AssertWholeAsync();

        async Task GetAsync(string path) => await attack.SendAsync(HttpMethod.Get, path, (byte[]?)null);
    }

    private static string Escape(string value) => Uri.EscapeDataString(value);

    private static string Cursor(string sort, string value, string id) => Base64Url.EncodeToString(
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new[] { sort, value, id.Replace("-", "", StringComparison.Ordinal) }));
}
