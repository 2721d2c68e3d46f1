using Npgsql;

namespace OrleansAiFleet.Benchmarks.Models;

/// <summary>A registry of a large fleet: rows with everything that real ones have, the same at every run.</summary>
internal static class RegistryRows
{
    /// <summary>Versions that there are.</summary>
    public const int Versions = 10_000;

    // 400 models of 25 versions; the inspection's report has about 4 KB, the classes are 80.
    private const string Models = """
        INSERT INTO ai_models (
            id, name, version, model_type, category, description, framework, architecture, author, organization,
            model_file_path, model_file_size_mb, training_dataset_info, training_images_count, input_resolution_width,
            input_resolution_height, output_classes, batch_size_optimal, batch_size_max, memory_requirement_gb,
            baseline_accuracy, baseline_precision, baseline_recall, baseline_f1_score, inference_time_ms, throughput_fps,
            status, lifecycle_stage, approval_status, license_type, changelog, configuration, validation, decisions,
            created_at, updated_at)
        SELECT
            ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::UUID,
            (ARRAY['Helmets', 'Vests', 'Cranes', 'Cracks', 'Falls', 'Trucks', 'Smoke', 'Gates'])[1 + i % 8] || ' ' || (i / 25),
            (i % 25 + 1)::TEXT,
            (ARRAY['object_detection', 'person_detection', 'classification', 'defect_detection'])[1 + i % 4]::model_type,
            (ARRAY['PPE Detection', 'Person Detection', 'Equipment Tracking', 'Defect Detection', 'Hazard Identification'])[1 + i % 5],
            'Finds what the site needs at day and ' || (ARRAY['night', 'dusk', 'rain', 'snow'])[1 + (i / 7) % 4]
                || '. ' || repeat('Trained on pictures of many sites and seasons. ', 1 + i % 6),
            (ARRAY['YOLOv8', 'YOLOX', 'SSD', 'Custom CNN'])[1 + (i / 3) % 4], 'CSPDarknet', (ARRAY['Ada', 'Grace', 'Edsger'])[1 + i % 3], 'Site AG',
            'models/' || i || '.onnx', round((random() * 400)::NUMERIC, 2), '{"source": "sites", "pictures": 12000}', 12000, 640, 640,
            (SELECT jsonb_agg('class name ' || class) FROM generate_series(1, 80) AS class), 4, 8, 2,
            round((60 + random() * 40)::NUMERIC, 2), round((60 + random() * 40)::NUMERIC, 2), round((60 + random() * 40)::NUMERIC, 2),
            CASE WHEN i % 10 > 0 THEN round((60 + random() * 40)::NUMERIC, 2) END, round((1 + random() * 50)::NUMERIC, 3),
            round((10 + random() * 200)::NUMERIC, 2),
            (ARRAY['approved', 'development', 'approved', 'testing', 'deprecated', 'archived'])[1 + (i / 2) % 6]::model_status, 'stable', 'approved',
            'AGPL-3.0', 'Better at dusk.', '{"decoder": "yolov8", "input_width": 640, "input_height": 640, "resize": "letterbox"}',
            jsonb_build_object('fault', NULL, 'objects', (
                SELECT jsonb_agg(jsonb_build_object(
                    'class_name', 'class name ' || object, 'confidence', round(random()::NUMERIC, 4), 'left', round(random()::NUMERIC, 4),
                    'top', round(random()::NUMERIC, 4), 'width', round(random()::NUMERIC, 4), 'height', round(random()::NUMERIC, 4)))
                FROM generate_series(1, 36) AS object)),
            '[{"step": "approve", "comment": "Sees helmets at night"}, {"step": "approve", "comment": "Agreed"}]',
            TIMESTAMPTZ '2026-01-01 00:00Z' + i * INTERVAL '7 minutes', TIMESTAMPTZ '2026-01-01 00:00Z' + i * INTERVAL '8 minutes'
        FROM generate_series(0, $1 - 1) AS i
        """;

    private const string Deployments = """
        INSERT INTO model_deployments (id, model_id, site_id, deployment_name, deployment_status, confidence_threshold, batch_size)
        SELECT gen_random_uuid(), model.id, site.id, 'Gate', 'active', 0.5, 8
        FROM (SELECT id FROM ai_models WHERE status = 'approved' ORDER BY id LIMIT 200) AS model, (SELECT id FROM sites LIMIT 1) AS site
        """;

    /// <summary>Fills the registry. There must be a site.</summary>
    public static async Task StoreAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var models = database.CreateCommand(Models))
        {
            models.Parameters.Add(new() { Value = Versions });
            await models.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var sql in new[] { Deployments, "VACUUM ANALYZE" })
        {
            await using var command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
