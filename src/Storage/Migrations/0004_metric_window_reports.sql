-- What each worker process measured in each five-minute window so far: totals, never differences.
-- Written by workers, in one transaction with the detections they count; read by the window's grain, which makes
-- the window's row in model_performance_metrics of them.
-- Rows: one per active deployment, window and worker (288 windows a day). Kept as long as the window's row.
-- No foreign key: what was measured is stored even where its deployment went away meanwhile.
-- settled_sequence: the report that the window's closed row counts; below sequence where the row lacks something.
CREATE TABLE metric_window_reports (
    deployment_id    UUID NOT NULL,
    window_start     TIMESTAMPTZ NOT NULL,
    reporter         UUID NOT NULL,
    sequence         BIGINT NOT NULL CHECK (sequence > 0),
    totals           JSONB NOT NULL,
    stored_at        TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    settled_sequence BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (deployment_id, window_start, reporter)
);

-- A report is a total: an older one never takes the place of a newer one, whoever writes it. Such an update is left
-- out and counts no row; it is not an error. stored_at is when the report last changed, by the database's clock.
CREATE FUNCTION keep_latest_window_report() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sequence > OLD.sequence THEN
        NEW.stored_at = clock_timestamp();
        RETURN NEW;
    END IF;
    IF NEW.sequence = OLD.sequence AND NEW.settled_sequence <> OLD.settled_sequence THEN
        NEW.totals = OLD.totals;
        NEW.stored_at = OLD.stored_at;
        RETURN NEW;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER metric_window_reports_keep_latest
    BEFORE UPDATE ON metric_window_reports
    FOR EACH ROW EXECUTE FUNCTION keep_latest_window_report();

-- Windows whose row must be closed or amended: few at any time, whatever the table holds.
CREATE INDEX metric_window_reports_unsettled_idx ON metric_window_reports (window_start, deployment_id)
    WHERE settled_sequence < sequence;
