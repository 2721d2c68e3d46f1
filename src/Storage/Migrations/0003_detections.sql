-- Objects found in frames.
-- Written by workers, in batches; a frame stored twice is stored once (ids are derived from the frame).
-- Rows: up to some million a day. Kept: so many days as retention says; a whole day's partition is dropped at once.
-- No foreign keys: they would cost a look-up per row at full rate, and detections outlive what they name.
CREATE TABLE detections (
    id            UUID NOT NULL,
    camera_id     UUID NOT NULL,
    site_id       UUID NOT NULL,
    deployment_id UUID NOT NULL,
    model_id      UUID NOT NULL,
    frame_time    TIMESTAMPTZ NOT NULL,
    frame_number  BIGINT NOT NULL,
    track_id      BIGINT,
    class_id      INTEGER NOT NULL,
    class_name    TEXT NOT NULL,
    confidence    REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    x             REAL NOT NULL,
    y             REAL NOT NULL,
    width         REAL NOT NULL,
    height        REAL NOT NULL,
    PRIMARY KEY (frame_time, id)
) PARTITION BY RANGE (frame_time);

CREATE INDEX detections_camera_frame_time_idx ON detections (camera_id, frame_time DESC, id DESC);

-- Takes rows of days that have no partition of their own (yet): nothing is refused for want of one.
CREATE TABLE detections_default PARTITION OF detections DEFAULT;
