using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Writes the certificate of the fleet's authority where its owner wants it, for browsers and scripts to trust.</summary>
internal sealed class AuthorityFile(IOptions<NetworkOptions> network, HostCertificates certificates) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        network.Value.AuthorityFile is { Length: > 0 } file
            ? File.WriteAllTextAsync(file, certificates.Authority.ExportCertificatePem() + '\n', cancellationToken)
            : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
