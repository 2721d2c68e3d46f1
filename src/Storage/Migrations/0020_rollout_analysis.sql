-- What is measured of a rollout, and what it came to.
ALTER TABLE rollouts
    ADD COLUMN analysis JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN shadow_cameras JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN step_run JSONB,
    ADD COLUMN background_run JSONB,
    ADD COLUMN is_rollback BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN slot_seconds INTEGER NOT NULL DEFAULT 0 CHECK (slot_seconds >= 0);

-- What one of the two deployments of a rollout did on one camera in one slot of time. Written by workers, each row once. Rows: two per
-- camera and slot while a rollout is under way. Kept as long as windows of metrics.
CREATE TABLE rollout_samples (
    rollout_id UUID NOT NULL REFERENCES rollouts (id),
    slot_start TIMESTAMPTZ NOT NULL,
    camera_id UUID NOT NULL,
    deployment_id UUID NOT NULL,
    reporter UUID NOT NULL,
    totals JSONB NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (rollout_id, slot_start, camera_id, deployment_id, reporter)
);

-- What a version found that looked along unseen; same columns as detections. Nobody is told of it. Kept as long as detections.
CREATE TABLE shadow_detections (
    id UUID PRIMARY KEY,
    rollout_id UUID NOT NULL,
    camera_id UUID NOT NULL,
    site_id UUID NOT NULL,
    deployment_id UUID NOT NULL,
    model_id UUID NOT NULL,
    frame_time TIMESTAMPTZ NOT NULL,
    frame_number BIGINT NOT NULL,
    track_id BIGINT,
    class_id INTEGER NOT NULL,
    class_name VARCHAR(255) NOT NULL,
    confidence REAL NOT NULL,
    x REAL NOT NULL,
    y REAL NOT NULL,
    width REAL NOT NULL,
    height REAL NOT NULL
);

CREATE INDEX shadow_detections_rollout_idx ON shadow_detections (rollout_id, frame_time);
CREATE INDEX shadow_detections_camera_idx ON shadow_detections (camera_id, frame_time);
