using System.Net;

using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Access.Attacks;

/// <summary>Guessing, on a silo with the limits that it has by default.</summary>
internal sealed class BruteForce(ControlSilo silo, AttackLog log)
{
    private const string Kind = "brute force";

    public async Task RunAsync()
    {
        using var http = silo.Anonymous();
        for (var i = 0; i < 12; i++)
        {
            using var answer = await http.Post("/api/access/sign-in", new { email = ControlSilo.AdministratorEmail, password = $"guess {i}" });
            log.Note(Kind, $"password: {(int)answer.StatusCode}", answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests);
        }

        using var right = await http.Post(
            "/api/access/sign-in", new { email = ControlSilo.AdministratorEmail, password = ControlSilo.AdministratorPassword });
        log.Note(Kind, $"the right password while locked out: {(int)right.StatusCode}", right.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests);

        var limited = 0;
        for (var i = 0; i < 30; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/admin/people");
            request.Headers.Add("X-Api-Key", Storage.Access.ApiKeySecret.Create());
            using var answer = await http.SendAsync(request);
            log.Note(Kind, $"key: {(int)answer.StatusCode}", answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests)
            {
                limited++;
                log.Note(Kind, "wait that is told", answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            }
        }

        Assert.True(limited > 0, "Nobody was told to wait.");
    }
}
