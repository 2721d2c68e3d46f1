namespace OrleansAiFleet.Storage.Models;

/// <summary>What is said where a stored file is not what it was.</summary>
internal static class ModelFileDamage
{
    private const string WhatToDo = "It is not used. Upload the same file again, which puts it right, or restore it from a backup.";

    public static InvalidDataException Changed(ModelFileHeader file, int ordinal) =>
        Of(file, $"chunk {ordinal + 1} of {file.Chunks} was changed, or is another one");

    public static InvalidDataException Missing(ModelFileHeader file, int ordinal) =>
        Of(file, $"chunk {ordinal + 1} of {file.Chunks} is missing");

    public static InvalidDataException Surplus(ModelFileHeader file) =>
        Of(file, $"there is a chunk {file.Chunks + 1} after the last of {file.Chunks}");

    public static InvalidDataException WrongChecksum(ModelFileHeader file) =>
        Of(file, $"the content of its {file.Chunks} chunks is another file's, the checksum is wrong");

    /// <summary>The file's own key.</summary>
    /// <exception cref="InvalidDataException">It was changed; names the file.</exception>
    /// <exception cref="UnknownKeyException">It is wrapped with a key that is not here.</exception>
    public static async Task<byte[]> UnwrapAsync(ModelFileHeader file, IDataKeyWrapper keys, CancellationToken cancellationToken)
    {
        byte[] key;
        try
        {
            key = await keys.UnwrapAsync(file.Key, ModelFileHeader.ContextOf(file.ContentId), cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw Of(file, "its wrapped key was changed, or is another file's", exception);
        }

        return key.Length == ChunkCipher.KeyBytes ? key : throw Of(file, "its key has a wrong length");
    }

    private static InvalidDataException Of(ModelFileHeader file, string what, Exception? inner = null) =>
        new($"The stored model file '{file.Path}' is damaged: {what}. {WhatToDo}", inner);
}
