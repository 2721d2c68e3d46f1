-- Values: never rename, only add.
CREATE TYPE detection_verdict AS ENUM ('false_positive', 'correct');

-- What people say of single detections: one row per detection, the last word counts. Written through the API. Rows: some hundred a day.
-- Kept as long as detections, and erased with them: it says when a camera saw something. is_shadow: of shadow_detections.
-- No foreign keys to what it names but people: neither have detections.
CREATE TABLE detection_marks (
    detection_id  UUID PRIMARY KEY,
    camera_id     UUID NOT NULL,
    site_id       UUID NOT NULL,
    deployment_id UUID NOT NULL,
    model_id      UUID NOT NULL,
    frame_time    TIMESTAMPTZ NOT NULL,
    class_name    TEXT NOT NULL,
    is_shadow     BOOLEAN NOT NULL,
    verdict       detection_verdict NOT NULL,
    comment       TEXT,
    marked_by     UUID REFERENCES users (id),
    marked_at     TIMESTAMPTZ NOT NULL
);

-- Lists of a camera, newest first; what is retained and erased; what was judged of a deployment since the last measurement.
CREATE INDEX detection_marks_camera_id_marked_at_idx ON detection_marks (camera_id, marked_at DESC, detection_id DESC);
CREATE INDEX detection_marks_camera_id_frame_time_idx ON detection_marks (camera_id, frame_time);
CREATE INDEX detection_marks_deployment_id_marked_at_idx ON detection_marks (deployment_id, marked_at);
