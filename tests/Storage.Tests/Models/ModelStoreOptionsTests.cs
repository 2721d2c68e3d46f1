using Microsoft.Extensions.Configuration;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class ModelStoreOptionsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Store=s3", "Fleet:Models:S3:Bucket")]
    [InlineData("Store=s3;S3:Bucket=b", "")]
    [InlineData("Store=S3;S3:Bucket=b;S3:Endpoint=https://s3.example.org;S3:PathStyle=true", "")]
    [InlineData("Store=postgres;S3:Bucket=b", "")]
    [InlineData("S3:Endpoint=s3.example.org", "Fleet:Models:S3:Endpoint")]
    [InlineData("S3:Endpoint=ftp://s3.example.org", "Fleet:Models:S3:Endpoint")]
    [InlineData("S3:AccessKey=a", "SecretKey")]
    [InlineData("S3:SecretKey=a", "AccessKey")]
    [InlineData("S3:AccessKey=a;S3:SecretKey=b", "")]
    [InlineData("S3:Region= ", "Fleet:Models:S3:Region")]
    public void What_cannot_work_is_refused_with_its_setting(string settings, string named)
    {
        var pairs = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2))
            .Select(pair => KeyValuePair.Create($"{ModelStoreOptions.Section}:{pair[0]}", (string?)pair[1]));
        var options = new ConfigurationBuilder().AddInMemoryCollection(pairs).Build().GetSection(ModelStoreOptions.Section).Get<ModelStoreOptions>();

        var result = new ModelStoreOptionsValidator().Validate(null, options ?? new());

        Assert.Equal(named.Length == 0, result.Succeeded);
        Assert.Contains(named, result.FailureMessage ?? "", StringComparison.Ordinal);
    }
}
