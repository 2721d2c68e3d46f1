-- Whole UTC days that a site's data are kept beside today; null: as long as the fleet's settings say. Pictures are not stored.
ALTER TABLE sites
    ADD COLUMN detections_retention_days INTEGER CHECK (detections_retention_days BETWEEN 1 AND 3650),
    ADD COLUMN metrics_retention_days    INTEGER CHECK (metrics_retention_days BETWEEN 1 AND 3650);

-- Receipts: what of a camera's detections was erased on request, by whom and why. completed_at null: under way, or to be taken
-- up again. Rows: a few per camera. Kept for good.
CREATE TABLE erasures (
    id           UUID PRIMARY KEY,
    camera_id    UUID NOT NULL REFERENCES cameras (id),
    site_id      UUID NOT NULL REFERENCES sites (id),
    from_time    TIMESTAMPTZ,
    to_time      TIMESTAMPTZ NOT NULL CHECK (from_time < to_time),
    reason       TEXT NOT NULL CHECK (reason <> ''),
    requested_by UUID REFERENCES users (id),
    detections   BIGINT NOT NULL DEFAULT 0 CHECK (detections >= 0),
    completed_at TIMESTAMPTZ,
    created_at   TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX erasures_camera_id_created_at_idx ON erasures (camera_id, created_at DESC, id DESC);
CREATE INDEX erasures_created_at_idx ON erasures (created_at);
