namespace OrleansAiFleet.Silo.Access;

/// <summary>People, keys and sign-in as the REST API has them.</summary>
internal static class AccessRegistration
{
    public static IServiceCollection AddAccessApi(this IServiceCollection services)
    {
        services.AddSingleton<NewApiKeys>();
        return services;
    }

    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes) =>
        routes.MapSessions().MapAccount().MapPeople().MapApiKeys();
}
