using System.Diagnostics;

namespace OrleansAiFleet.Testing;

/// <summary>
/// A PostgreSQL server of a test's own, in a temporary folder, on a Unix socket. It goes away with the process that
/// started it, however that ends: its launcher waits on a pipe that the kernel closes.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    // Waits for the pipe from the test process to close, then takes server and folder away.
    private const string Launcher = """
        exec 3<&0
        folder=$1; shift
        "$@" 3<&- </dev/null >>"$folder/server.log" 2>&1 &
        server=$!
        (
            read -r _ <&3
            trap '' TERM
            kill -QUIT $server
            while kill -0 $server; do sleep 0.05; done
            rm -rf "$folder"
        ) >/dev/null 2>&1 &
        guard=$!
        wait $server
        code=$?
        kill $guard
        exit $code
        """;

    private readonly PostgresFolder _folder;
    private Process? _server;

    private PrivatePostgres(PostgresFolder folder) => _folder = folder;

    /// <summary>Makes a server and starts it.</summary>
    /// <exception cref="InvalidOperationException">There are no PostgreSQL programs here, or it does not start.</exception>
    public static Task<PrivatePostgres> CreateAsync(CancellationToken cancellationToken = default) =>
        CreateAsync(durable: false, cancellationToken);

    /// <summary>Makes a server that syncs every commit to the disk, as one in production does: for measurements.</summary>
    /// <exception cref="InvalidOperationException">There are no PostgreSQL programs here, or it does not start.</exception>
    public static Task<PrivatePostgres> CreateDurableAsync(CancellationToken cancellationToken = default) =>
        CreateAsync(durable: true, cancellationToken);

    /// <summary>A database on this server (it need not exist); stays the same over restarts.</summary>
    public string ConnectionStringOf(string database) =>
        $"Host={_folder.Path};Port=5432;Username=postgres;Database={database};Timeout=15;Command Timeout=30;"
        + "Maximum Pool Size=40;Include Error Detail=true";

    /// <summary>Starts a stopped or killed server again and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_server is not null)
        {
            throw new InvalidOperationException("The server runs already.");
        }

        var start = PostgresPrograms.AsOwner("/bin/sh", ["-c", Launcher, "launcher", _folder.Path, .. _folder.ServerCommand]);
        start.RedirectStandardInput = true;
        _server = Process.Start(start) ?? throw new InvalidOperationException("PostgreSQL did not start.");
        await WaitUntilReadyAsync(_server, cancellationToken);
    }

    /// <summary>Stops the server as an operator would: open connections end with an error.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => EndAsync("fast", cancellationToken);

    /// <summary>Ends the server at once, as a crash would: it recovers from its log at the next start.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => EndAsync("immediate", cancellationToken);

    /// <summary>Ends the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        _folder.Remove();
    }

    private static async Task<PrivatePostgres> CreateAsync(bool durable, CancellationToken cancellationToken)
    {
        var postgres = new PrivatePostgres(await PostgresFolder.CreateAsync(durable, cancellationToken));
        await postgres.StartAsync(cancellationToken);
        return postgres;
    }

    private async Task WaitUntilReadyAsync(Process server, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        while (!await _folder.IsReadyAsync(cancellationToken))
        {
            if (server.HasExited || started.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {_folder.ReadLog()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private async Task EndAsync(string mode, CancellationToken cancellationToken)
    {
        var server = _server ?? throw new InvalidOperationException("The server does not run.");
        await _folder.StopServerAsync(mode, cancellationToken);
        await server.WaitForExitAsync(cancellationToken);
        server.Dispose();
        _server = null;
    }
}
