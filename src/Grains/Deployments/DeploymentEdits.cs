using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>How a change of columns becomes the next row. Pure.</summary>
internal static class DeploymentEdits
{
    /// <summary>The row with the change in it.</summary>
    /// <param name="deployment">The row of now.</param>
    /// <param name="fields">An object of column names and their new values.</param>
    /// <param name="edited">The row, or the one of now where it is refused or nothing changes.</param>
    /// <returns>Why it cannot be, or null.</returns>
    public static Refusal? Apply(Deployment deployment, JsonText fields, out Deployment edited)
    {
        edited = deployment;
        if (RowOverlay.Apply(deployment, fields, Forbidden, out var row) is { } refusal)
        {
            return refusal;
        }

        if (DeploymentPolicy.Judge(deployment.Id, row) is { } faulty)
        {
            return faulty;
        }

        row = DeploymentPolicy.Rounded(row);
        edited = RowEquality.Same(row, deployment) ? deployment : row;
        return null;
    }

    private static Refusal? Forbidden(string name) => DeploymentColumns.Free.Contains(name)
        ? null
        : Refusal.Invalid(name, $"{name} cannot be changed here: the fleet finds it out, another request changes it, or a deployment keeps it.");
}
