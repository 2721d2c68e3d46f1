-- The words of a version as they are searched, kept with the row: a list that is read along the index of its order can test them
-- without making them anew for every row it passes. Inline where it fits, so that the test reads the row alone.
ALTER TABLE ai_models ADD COLUMN search TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple',
    name || ' ' || version || ' ' || category || ' ' || COALESCE(framework, '') || ' ' || COALESCE(architecture, '') || ' '
    || COALESCE(author, '') || ' ' || COALESCE(organization, '') || ' ' || COALESCE(description, ''))) STORED;
ALTER TABLE ai_models ALTER COLUMN search SET STORAGE MAIN;
DROP INDEX ai_models_search_idx;
CREATE INDEX ai_models_search_idx ON ai_models USING GIN (search);

-- The best of one status first, which is what somebody looks for who wants to deploy: no row of another status is passed.
CREATE INDEX ai_models_status_inference_time_ms_idx ON ai_models (status, inference_time_ms DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_status_throughput_fps_idx ON ai_models (status, throughput_fps DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_status_baseline_f1_score_idx ON ai_models (status, baseline_f1_score DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_status_baseline_accuracy_idx ON ai_models (status, baseline_accuracy DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_status_model_file_size_mb_idx ON ai_models (status, model_file_size_mb DESC NULLS LAST, id DESC);
