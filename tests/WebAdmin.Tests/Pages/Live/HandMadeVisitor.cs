using OrleansAiFleet.Access;
using OrleansAiFleet.WebAdmin.Access;

namespace OrleansAiFleet.WebAdmin.Tests.Pages.Live;

/// <summary>A visitor whose rights a test sets: an administrator's until then.</summary>
internal sealed class HandMadeVisitor : IVisitorAccess
{
    public string Name => "visitor@example.org";

    public AccessRights Rights { get; set; } = new([new(AccessRole.Administrator)]);

    public Task<AccessRights> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Rights);
}
