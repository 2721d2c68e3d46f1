using OrleansAiFleet.Storage.Audit;

namespace OrleansAiFleet.Storage.Tests.Audit;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AuditKeyFileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"fleet-audit-{Guid.NewGuid():N}");

    private string KeyFile => Path.Combine(_folder, "sub", "audit.key");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Several_that_come_at_once_find_one_key_for_its_owner_alone()
    {
        // One of a few such starts is one in which they meet.
        for (var start = 0; start < 25; start++)
        {
            var file = Path.Combine(_folder, $"{start}", "audit.key");
            using var together = new Barrier(4);
            var signers = await Task.WhenAll(Enumerable.Range(0, together.ParticipantCount).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return AuditKeyFile.ReadOrCreate(file);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(signers.Select(signer => signer.KeyId).Distinct());
            Assert.Equal(signers[0].KeyId, AuditKeyFile.ReadOrCreate(file).KeyId);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!));
        }
    }

    [Theory]
    [InlineData("not base64, but planted")]
    [InlineData("cGxhbnRlZA==")]
    [InlineData("")]
    public void File_without_a_key_is_refused_and_not_shown(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KeyFile)!);
        File.WriteAllText(KeyFile, content);

        var error = Assert.Throws<InvalidOperationException>(() => AuditKeyFile.ReadOrCreate(KeyFile));

        Assert.Contains(KeyFile, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_in_the_settings_goes_before_the_file()
    {
        var key = Convert.ToBase64String(new byte[32]);

        var signer = new AuditOptions { Key = key, KeyFile = KeyFile }.CreateSigner();

        Assert.Equal(new HmacAuditSigner(new byte[32]).KeyId, signer.KeyId);
        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public void Another_key_is_another_signature_and_another_id()
    {
        var one = new HmacAuditSigner("the first of two keys, long enough to be one"u8);
        var other = new HmacAuditSigner("the second of two keys, long enough to be one"u8);

        Assert.NotEqual(one.KeyId, other.KeyId);
        Assert.NotEqual(one.Sign("head"u8), other.Sign("head"u8));
        Assert.Equal(one.Sign("head"u8), new HmacAuditSigner("the first of two keys, long enough to be one"u8).Sign("head"u8));
    }
}
