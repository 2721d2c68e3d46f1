-- Files of models (weights, labels, configurations), named by the SHA-256 of their content.
-- Written at upload. Rows: a few per model version. Kept while a model refers to them.
CREATE TABLE model_files (
    sha256     CHAR(64) PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size       BIGINT NOT NULL CHECK (size >= 0),
    stored_at  TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    content_id UUID NOT NULL UNIQUE
);

-- Their content in pieces of 1 MiB. An upload writes its chunks first, under an id of its own, and then takes the name.
-- Written at upload. Rows: one per MiB. Kept as long as the file. The content hardly compresses: stored as it is.
CREATE TABLE model_file_chunks (
    content_id UUID NOT NULL
        REFERENCES model_files (content_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    ordinal    INTEGER NOT NULL CHECK (ordinal >= 0),
    content    BYTEA NOT NULL,
    PRIMARY KEY (content_id, ordinal)
);

ALTER TABLE model_file_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- A model never refers to a stored file that is not there: the row's writer holds the file until it commits.
-- Paths of another form (a customer's own) are left alone.
CREATE FUNCTION hold_model_files() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
DECLARE
    named RECORD;
BEGIN
    FOR named IN
        SELECT field, path
        FROM (VALUES
            ('model_file_path', NEW.model_file_path),
            ('config_file_path', NEW.config_file_path),
            ('weights_file_path', NEW.weights_file_path),
            ('labels_file_path', NEW.labels_file_path)
        ) AS paths (field, path)
        WHERE path ~ '^sha256/[0-9a-f]{64}$'
    LOOP
        PERFORM 1 FROM model_files WHERE sha256 = substr(named.path, 8) FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'No stored file %', named.path USING
                ERRCODE = 'foreign_key_violation',
                TABLE = 'ai_models',
                COLUMN = named.field,
                CONSTRAINT = 'ai_models_' || named.field || '_fkey';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

CREATE TRIGGER ai_models_hold_model_files
    BEFORE INSERT OR UPDATE OF model_file_path, config_file_path, weights_file_path, labels_file_path ON ai_models
    FOR EACH ROW EXECUTE FUNCTION hold_model_files();
