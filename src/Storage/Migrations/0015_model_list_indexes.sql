-- Lists of models, the largest figure first: versions without the figure come last, which the indexes of before do not give.
CREATE INDEX ai_models_inference_time_ms_desc_idx ON ai_models (inference_time_ms DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_throughput_fps_desc_idx ON ai_models (throughput_fps DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_baseline_f1_score_desc_idx ON ai_models (baseline_f1_score DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_baseline_accuracy_desc_idx ON ai_models (baseline_accuracy DESC NULLS LAST, id DESC);
CREATE INDEX ai_models_model_file_size_mb_desc_idx ON ai_models (model_file_size_mb DESC NULLS LAST, id DESC);
