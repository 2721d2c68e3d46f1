-- That a site is being worked on, or the whole fleet (an id of its own). Written by its grain. Rows: one per site at most. Kept.
CREATE TABLE maintenance_modes (
    id UUID PRIMARY KEY,
    is_enabled BOOLEAN NOT NULL,
    reason VARCHAR(500) NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ,
    set_by UUID REFERENCES users (id),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
);
