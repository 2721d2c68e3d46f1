-- Stored files are encrypted, each with a key of its own. That key stands here, wrapped by the key that key_id names.
-- Files of before have none until a control silo has encrypted them; they can be read meanwhile.
-- location: the content lies in model_file_chunks, or in the object named content_id in the configured bucket.
ALTER TABLE model_files
    ADD COLUMN key_id      TEXT,
    ADD COLUMN wrapped_key BYTEA,
    ADD COLUMN location    TEXT NOT NULL DEFAULT 'postgres' CHECK (location IN ('postgres', 's3')),
    ADD CONSTRAINT model_files_key_check CHECK ((key_id IS NULL) = (wrapped_key IS NULL)),
    ADD CONSTRAINT model_files_bucket_check CHECK (location = 'postgres' OR wrapped_key IS NOT NULL);

-- Objects that are to leave the bucket: what an upload that broke off may have left, and what a deleted file had.
-- An upload notes its object here before the first byte and takes the note away together with taking the file's name.
-- Written at upload and deletion. Rows: few. Kept until the object is gone.
CREATE TABLE model_file_removals (
    content_id   UUID PRIMARY KEY,
    remove_after TIMESTAMPTZ NOT NULL
);

-- Whether something refers to a stored file. Who adds a column that names files replaces this function.
CREATE FUNCTION is_model_file_used(path TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
        FROM ai_models
        WHERE path IN (model_file_path, config_file_path, weights_file_path, labels_file_path)
    )
$$;
