-- What is to be sent: a row is a frame's detections for one destination of its deployment.
-- Written by workers in the statement that stores the detections themselves; gone as soon as the receiver has it, so short-lived.
-- Ids ascend in the order of a camera's frames: one worker at a time writes what a camera sees.
-- Content stays in detections alone, so that what is erased or past retention there is sent by nobody.
CREATE TABLE detection_outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deployment_id UUID NOT NULL,
    destination TEXT NOT NULL,
    camera_id UUID NOT NULL,
    frame_time TIMESTAMPTZ NOT NULL,
    detection_ids UUID[] NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    -- About what it takes in a message.
    bytes INTEGER NOT NULL GENERATED ALWAYS AS (200 + 250 * cardinality(detection_ids)) STORED
);

CREATE INDEX detection_outbox_destination_idx ON detection_outbox (deployment_id, destination, id) INCLUDE (stored_at, bytes);

-- A queue that turns over many times an hour: dead rows must not pile up before the usual fifth of the table.
ALTER TABLE detection_outbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- What could not be delivered. Kept as the options say; the oldest go first, and are counted.
CREATE TABLE detection_dead_letters (
    id BIGINT PRIMARY KEY,
    deployment_id UUID NOT NULL,
    destination TEXT NOT NULL,
    camera_id UUID NOT NULL,
    frame_time TIMESTAMPTZ NOT NULL,
    detection_ids UUID[] NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL,
    died_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    reason TEXT NOT NULL
);

CREATE INDEX detection_dead_letters_destination_idx ON detection_dead_letters (deployment_id, destination, id DESC);

-- How a destination does, and which control silo has it now. A row per destination that a deployment has or had.
CREATE TABLE output_destinations (
    deployment_id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    batch_size INTEGER NOT NULL,
    max_delay_seconds INTEGER NOT NULL,
    removed_at TIMESTAMPTZ,
    lease_owner UUID,
    lease_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity',
    -- Nothing is tried before.
    not_before TIMESTAMPTZ NOT NULL DEFAULT '-infinity',
    -- Failures in a row, and those of them that say no to the message at the head.
    failures INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0,
    -- Last row of the message that failed: it is tried again as it was.
    head_until BIGINT,
    delivered BIGINT NOT NULL DEFAULT 0,
    dead BIGINT NOT NULL DEFAULT 0,
    discarded BIGINT NOT NULL DEFAULT 0,
    delivered_at TIMESTAMPTZ,
    error TEXT,
    error_at TIMESTAMPTZ,
    PRIMARY KEY (deployment_id, name)
);

-- Follows the deployments' rows. What stands there since before it was checked sends nothing until it is given again.
CREATE FUNCTION follow_output_destinations() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE output_destinations AS known
    SET removed_at = clock_timestamp()
    WHERE known.deployment_id = NEW.id
        AND known.removed_at IS NULL
        AND NOT EXISTS (
            SELECT 1
            FROM jsonb_path_query(NEW.output_destinations, 'lax $[*]') AS given
            WHERE given ->> 'name' = known.name);
    INSERT INTO output_destinations (deployment_id, name, kind, batch_size, max_delay_seconds)
    SELECT DISTINCT ON (given ->> 'name')
        NEW.id,
        given ->> 'name',
        given ->> 'kind',
        (given ->> 'batch_size')::NUMERIC::INTEGER,
        (given ->> 'max_delay_seconds')::NUMERIC::INTEGER
    FROM jsonb_path_query(
        NEW.output_destinations,
        'lax $[*] ? (@.name.type() == "string" && @.kind.type() == "string"
            && @.batch_size.type() == "number" && @.max_delay_seconds.type() == "number")') AS given
    ON CONFLICT (deployment_id, name) DO UPDATE SET
        kind = excluded.kind,
        batch_size = excluded.batch_size,
        max_delay_seconds = excluded.max_delay_seconds,
        removed_at = NULL,
        -- What was wrong may be right now: the next try comes at once.
        not_before = '-infinity',
        refusals = 0;
    RETURN NULL;
END
$$;

CREATE TRIGGER model_deployments_follow_output_destinations
    AFTER INSERT ON model_deployments
    FOR EACH ROW WHEN (NEW.output_destinations IS NOT NULL)
    EXECUTE FUNCTION follow_output_destinations();

CREATE TRIGGER model_deployments_follow_changed_output_destinations
    AFTER UPDATE OF output_destinations ON model_deployments
    FOR EACH ROW WHEN (NEW.output_destinations IS DISTINCT FROM OLD.output_destinations)
    EXECUTE FUNCTION follow_output_destinations();
