-- How frames of a camera are chosen.
CREATE TYPE sampling_mode AS ENUM (
    'fps',
    'motion',
    'fps_and_motion'
);

-- How fast a source is read.
CREATE TYPE camera_pace AS ENUM (
    'live',
    'as_fast_as_possible'
);

-- Cameras and what is wanted of them. Credentials stand apart from the address, so that no listing or log meets them.
-- Written by each camera's grain. Rows: hundreds. Kept for good.
CREATE TABLE cameras (
    id                          UUID PRIMARY KEY,
    site_id                     UUID NOT NULL REFERENCES sites (id),
    name                        VARCHAR(255) NOT NULL CHECK (name <> ''),
    source_url                  VARCHAR(2000) NOT NULL CHECK (source_url <> ''),
    source_credentials          VARCHAR(500),
    enabled                     BOOLEAN NOT NULL DEFAULT TRUE,
    sampling_mode               sampling_mode NOT NULL DEFAULT 'fps',
    sampling_fps                DOUBLE PRECISION NOT NULL DEFAULT 5 CHECK (sampling_fps BETWEEN 0 AND 1000),
    working_size                INTEGER NOT NULL DEFAULT 640 CHECK (working_size BETWEEN 0 AND 16384),
    pace                        camera_pace NOT NULL DEFAULT 'live',
    loop                        BOOLEAN NOT NULL DEFAULT FALSE,
    motion_threshold            INTEGER NOT NULL DEFAULT 30 CHECK (motion_threshold BETWEEN 1 AND 255),
    motion_minimum_area_percent DOUBLE PRECISION NOT NULL DEFAULT 0.1
        CHECK (motion_minimum_area_percent BETWEEN 0 AND 100),
    created_at                  TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at                  TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (site_id, name)
);

CREATE INDEX cameras_created_at_idx ON cameras (created_at DESC, id DESC);

CREATE TRIGGER cameras_touch_updated_at
    BEFORE UPDATE ON cameras
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
