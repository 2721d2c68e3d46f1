using System.Xml.Linq;

using Microsoft.AspNetCore.DataProtection.Repositories;

using Npgsql;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>The key ring of all hosts in <c>data_protection_keys</c>. Not asynchronous: its interface is not.</summary>
internal sealed class StoredKeyRing(NpgsqlDataSource database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand("SELECT xml FROM data_protection_keys ORDER BY created_at, name");
        using var rows = command.ExecuteReader();
        var keys = new List<XElement>();
        while (rows.Read())
        {
            keys.Add(XElement.Parse(rows.GetString(0)));
        }

        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        using var command = database.CreateCommand("INSERT INTO data_protection_keys (name, xml) VALUES ($1, $2)");
        command.Parameters.Add(new() { Value = $"{friendlyName} {Guid.CreateVersion7()}" });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
