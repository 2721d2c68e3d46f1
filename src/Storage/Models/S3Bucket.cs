using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Contents as objects of a bucket, each named by its id. Names, sizes and keys stay in the database.</summary>
internal sealed class S3Bucket : IModelFileContents, IDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly S3Options _options;
    private readonly AmazonS3Client _client;

    public S3Bucket(NpgsqlDataSource database, S3Options options)
    {
        _database = database;
        _options = options;
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,

            // Chunks are authenticated as they are; many services do not know the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { Length: > 0 } endpoint)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = options.Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        _client = options.AccessKey is { Length: > 0 } access
            ? new(new BasicAWSCredentials(access, options.SecretKey), config)
            : new(config);
    }

    public string Location => ModelFileRow.InS3;

    public async Task<IModelFileUpload> BeginAsync(Guid contentId, CancellationToken cancellationToken)
    {
        await ModelFileRemovals.NoteAsync(_database, contentId, S3Upload.Patience, cancellationToken);
        return new S3Upload(_database, this, contentId);
    }

    /// <summary>The chunks of an object, streamed.</summary>
    /// <exception cref="InvalidDataException">There is no such object, or it ends too early.</exception>
    /// <exception cref="FleetRefusedException">The bucket is away.</exception>
    public async IAsyncEnumerable<ModelFileChunk> ReadAsync(
        ModelFileHeader file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await GetAsync(file, cancellationToken);
        for (var ordinal = 0; ; ordinal++)
        {
            var chunk = ModelFileChunk.Rent(ordinal < file.Chunks ? file.EncryptedBytesOf(ordinal) : 1);
            try
            {
                await GuardAsync(() => FillAsync(chunk, answer.ResponseStream, cancellationToken), cancellationToken);
            }
            catch
            {
                chunk.Dispose();
                throw;
            }

            if (chunk.Length == 0)
            {
                chunk.Dispose();
                yield break;
            }

            yield return chunk;
        }
    }

    /// <summary>Removes an object and what an upload to it that broke off has left. Idempotent.</summary>
    /// <exception cref="FleetRefusedException">The bucket is away.</exception>
    public Task DeleteAsync(Guid contentId, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            var name = NameOf(contentId);
            var begun = await _client.ListMultipartUploadsAsync(
                new ListMultipartUploadsRequest { BucketName = _options.Bucket, Prefix = name }, cancellationToken);
            foreach (var upload in begun.MultipartUploads?.Where(upload => upload.Key == name) ?? [])
            {
                await _client.AbortMultipartUploadAsync(_options.Bucket, name, upload.UploadId, cancellationToken);
            }

            return await _client.DeleteObjectAsync(_options.Bucket, name, cancellationToken);
        },
        cancellationToken);

    /// <summary>Stores a small object at once.</summary>
    public Task PutAsync(Guid contentId, Stream content, CancellationToken cancellationToken) => GuardAsync(
        () => _client.PutObjectAsync(
            new() { BucketName = _options.Bucket, Key = NameOf(contentId), InputStream = content, UseChunkEncoding = false }, cancellationToken),
        cancellationToken);

    /// <summary>Begins an upload in parts, and gives its id.</summary>
    public Task<string> InitiateAsync(Guid contentId, CancellationToken cancellationToken) => GuardAsync(
        async () => (await _client.InitiateMultipartUploadAsync(_options.Bucket, NameOf(contentId), cancellationToken)).UploadId,
        cancellationToken);

    /// <summary>Sends one part; parts count from 1.</summary>
    public Task<PartETag> SendAsync(Guid contentId, string upload, int part, Stream content, CancellationToken cancellationToken) => GuardAsync(
        async () => new PartETag(part, (await _client.UploadPartAsync(
            new()
            {
                BucketName = _options.Bucket,
                Key = NameOf(contentId),
                UploadId = upload,
                PartNumber = part,
                InputStream = content,
                PartSize = content.Length,
                UseChunkEncoding = false,
            },
            cancellationToken)).ETag),
        cancellationToken);

    /// <summary>Makes the parts one object.</summary>
    public Task CompleteAsync(Guid contentId, string upload, List<PartETag> parts, CancellationToken cancellationToken) => GuardAsync(
        () => _client.CompleteMultipartUploadAsync(
            new() { BucketName = _options.Bucket, Key = NameOf(contentId), UploadId = upload, PartETags = parts }, cancellationToken),
        cancellationToken);

    public void Dispose() => _client.Dispose();

    private string NameOf(Guid contentId) => $"{_options.Prefix}{contentId:N}";

    private Task<GetObjectResponse> GetAsync(ModelFileHeader file, CancellationToken cancellationToken) => GuardAsync(
        async () =>
        {
            try
            {
                return await _client.GetObjectAsync(_options.Bucket, NameOf(file.ContentId), cancellationToken);
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotFound && exception.ErrorCode is "NoSuchKey")
            {
                throw ModelFileDamage.Missing(file, 0);
            }
        },
        cancellationToken);

    private static async Task<int> FillAsync(ModelFileChunk chunk, Stream content, CancellationToken cancellationToken)
    {
        await chunk.FillAsync(content, cancellationToken);
        return chunk.Length;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException)
        {
            throw new FleetRefusedException(
                RefusalKind.Unavailable, null, $"The bucket '{_options.Bucket}' does not answer or refuses: {exception.Message}");
        }
    }
}
