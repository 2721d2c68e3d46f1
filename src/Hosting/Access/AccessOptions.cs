using System.ComponentModel.DataAnnotations;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Who gets in, and how often.</summary>
public sealed class AccessOptions
{
    public const string Section = "Fleet:Access";

    /// <summary>Sign-in name of the administrator that the first start creates. Default: <c>admin@fleet.local</c>.</summary>
    [EmailAddress, StringLength(256)]
    public string AdministratorEmail { get; set; } = "admin@fleet.local";

    /// <summary>That administrator's password; null: one is made up, written to <see cref="FirstPasswordFile"/> and must be changed.</summary>
    [StringLength(256)]
    public string? AdministratorPassword { get; set; }

    /// <summary>Where a made-up password is written, readable by the process's user alone. Delete it when it is read.</summary>
    [Required]
    public string FirstPasswordFile { get; set; } = "first-administrator-password";

    /// <summary>
    /// A file with an API key that the process takes as an administrator's: whoever may read the file runs the fleet on
    /// this machine. Null: none.
    /// </summary>
    public string? LocalKeyFile { get; set; }

    /// <summary>Where browsers that have not signed in are sent. Null: they get an error as programs do.</summary>
    [StringLength(2000)]
    public string? SignInUrl { get; set; }

    /// <summary>Origins beside its own to which the console leads back after a sign-in: <c>http://127.0.0.1:8080</c>.</summary>
    public string[] ReturnOrigins { get; set; } = [];

    /// <summary>How long rights are believed before they are read again: a right taken back ends within it. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RightsLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long they are believed while the database does not answer. Default: 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan OutageLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far the time of a signed request may be off. Default: 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan SignatureWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Requests a second from one address, on average. Default: 200.</summary>
    [Range(1, 1_000_000)]
    public int AddressRequestsPerSecond { get; set; } = 200;

    /// <summary>Requests a second of one key or person, on average. Default: 100.</summary>
    [Range(1, 1_000_000)]
    public int CallerRequestsPerSecond { get; set; } = 100;

    /// <summary>Attempts a minute from one address that may fail for who it is; afterwards it is not listened to. Default: 20.</summary>
    [Range(1, 1_000_000)]
    public int FailuresPerMinute { get; set; } = 20;

    /// <summary>How long a sign-in in a browser lasts without use. Default: 12 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long an access token is good. Default: 1 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a refresh token is good. Default: 14 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(14);
}
