using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Access;

/// <summary>People, their grants and keys. Migrations make the tables, not this.</summary>
public sealed class AccessContext(DbContextOptions<AccessContext> options) : IdentityUserContext<FleetUser, Guid>(options)
{
    public DbSet<GrantRow> Grants => Set<GrantRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConversion>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        var user = builder.Entity<FleetUser>().ToTable("users");
        user.Property(row => row.Id).ValueGeneratedNever();
        user.Property(row => row.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        user.Property(row => row.UpdatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP").ValueGeneratedOnAddOrUpdate();
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");

        var grant = builder.Entity<GrantRow>().ToTable("access_grants");
        grant.Property(row => row.Id).ValueGeneratedNever();
        grant.Property(row => row.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
        var key = builder.Entity<ApiKeyRow>().ToTable("api_keys");
        key.Property(row => row.Id).ValueGeneratedNever();
        key.Property(row => row.CreatedAt).HasDefaultValueSql("CURRENT_TIMESTAMP");
    }
}
