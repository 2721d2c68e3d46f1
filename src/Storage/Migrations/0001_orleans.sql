-- What the ADO.NET providers of Orleans read and write: their queries by name, and the tables behind them.
-- Every query is a single statement, so it is atomic by itself. Names and parameters are Orleans' contract.

-- The statements Orleans runs, read once when a silo starts.
-- Written by this migration alone. Rows: 20 or so. Kept for good.
CREATE TABLE OrleansQuery (
    QueryKey  VARCHAR(64) PRIMARY KEY,
    QueryText TEXT NOT NULL
);

-- One version per cluster; every change of membership raises it.
-- Written by silos. Rows: one. Kept for good.
CREATE TABLE OrleansMembershipVersionTable (
    DeploymentId VARCHAR(150) PRIMARY KEY,
    Timestamp    TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    Version      INTEGER NOT NULL DEFAULT 0
);

-- One row per life of a silo.
-- Written by silos. Rows: one per silo start. Kept until the silo is defunct for a week (Orleans' default).
CREATE TABLE OrleansMembershipTable (
    DeploymentId VARCHAR(150) NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
    Address      VARCHAR(45) NOT NULL,
    Port         INTEGER NOT NULL,
    Generation   INTEGER NOT NULL,
    SiloName     VARCHAR(150) NOT NULL,
    HostName     VARCHAR(150) NOT NULL,
    Status       INTEGER NOT NULL,
    ProxyPort    INTEGER NULL,
    SuspectTimes VARCHAR(8000) NULL,
    StartTime    TIMESTAMPTZ(3) NOT NULL,
    IAmAliveTime TIMESTAMPTZ(3) NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

-- State of grains that have no table of their own.
-- Written by grains. Rows: thousands. Kept until the grain clears it.
CREATE TABLE OrleansStorage (
    GrainIdHash            INTEGER NOT NULL,
    GrainIdN0              BIGINT NOT NULL,
    GrainIdN1              BIGINT NOT NULL,
    GrainTypeHash          INTEGER NOT NULL,
    GrainTypeString        VARCHAR(512) NOT NULL,
    GrainIdExtensionString VARCHAR(512) NULL,
    ServiceId              VARCHAR(150) NOT NULL,
    PayloadBinary          BYTEA NULL,
    ModifiedOn             TIMESTAMPTZ NOT NULL DEFAULT now(),
    Version                INTEGER NOT NULL DEFAULT 1,
    -- The hashes stand first: they find the row where the extension alone tells keys apart.
    CONSTRAINT OrleansStorage_key UNIQUE NULLS NOT DISTINCT
        (GrainIdHash, GrainTypeHash, ServiceId, GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString)
);

-- Reminders of grains.
-- Written by grains. Rows: thousands. Kept until the grain unregisters it.
CREATE TABLE OrleansRemindersTable (
    ServiceId    VARCHAR(150) NOT NULL,
    GrainId      VARCHAR(150) NOT NULL,
    ReminderName VARCHAR(150) NOT NULL,
    StartTime    TIMESTAMPTZ(3) NOT NULL,
    Period       BIGINT NOT NULL,
    GrainHash    INTEGER NOT NULL,
    Version      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
);

CREATE INDEX OrleansRemindersTable_hash_idx ON OrleansRemindersTable (ServiceId, GrainHash);

-- Membership

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $$
    WITH inserted AS (
        INSERT INTO OrleansMembershipVersionTable (DeploymentId)
        VALUES (@DeploymentId)
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT count(*)::INTEGER FROM inserted
$$),
-- The version row is locked by the bump, so writers queue up there; a silo row that exists already leaves the
-- version alone, and a version that moved on leaves the silo row out.
('InsertMembershipKey', $$
    WITH bumped AS (
        UPDATE OrleansMembershipVersionTable
        SET Version = Version + 1,
            Timestamp = now()
        WHERE DeploymentId = @DeploymentId
            AND Version = @Version
            AND NOT EXISTS (
                SELECT 1
                FROM OrleansMembershipTable
                WHERE DeploymentId = @DeploymentId
                    AND Address = @Address
                    AND Port = @Port
                    AND Generation = @Generation
            )
        RETURNING DeploymentId
    ),
    inserted AS (
        INSERT INTO OrleansMembershipTable (
            DeploymentId,
            Address,
            Port,
            Generation,
            SiloName,
            HostName,
            Status,
            ProxyPort,
            StartTime,
            IAmAliveTime
        )
        SELECT
            DeploymentId,
            @Address,
            @Port,
            @Generation,
            @SiloName,
            @HostName,
            @Status,
            @ProxyPort,
            @StartTime,
            @IAmAliveTime
        FROM bumped
        RETURNING 1
    )
    SELECT count(*)::INTEGER FROM inserted
$$),
('UpdateMembershipKey', $$
    WITH bumped AS (
        UPDATE OrleansMembershipVersionTable
        SET Version = Version + 1,
            Timestamp = now()
        WHERE DeploymentId = @DeploymentId
            AND Version = @Version
            AND EXISTS (
                SELECT 1
                FROM OrleansMembershipTable
                WHERE DeploymentId = @DeploymentId
                    AND Address = @Address
                    AND Port = @Port
                    AND Generation = @Generation
            )
        RETURNING DeploymentId
    ),
    updated AS (
        UPDATE OrleansMembershipTable AS silo
        SET Status = @Status,
            SuspectTimes = @SuspectTimes,
            IAmAliveTime = @IAmAliveTime
        FROM bumped
        WHERE silo.DeploymentId = bumped.DeploymentId
            AND silo.Address = @Address
            AND silo.Port = @Port
            AND silo.Generation = @Generation
        RETURNING 1
    )
    SELECT count(*)::INTEGER FROM updated
$$),
('UpdateIAmAlivetimeKey', $$
    UPDATE OrleansMembershipTable
    SET IAmAliveTime = @IAmAliveTime
    WHERE DeploymentId = @DeploymentId
        AND Address = @Address
        AND Port = @Port
        AND Generation = @Generation
$$),
('MembershipReadRowKey', $$
    SELECT
        cluster.DeploymentId,
        silo.Address,
        silo.Port,
        silo.Generation,
        silo.SiloName,
        silo.HostName,
        silo.Status,
        silo.ProxyPort,
        silo.SuspectTimes,
        silo.StartTime,
        silo.IAmAliveTime,
        cluster.Version
    FROM OrleansMembershipVersionTable AS cluster
    LEFT JOIN OrleansMembershipTable AS silo
        ON silo.DeploymentId = cluster.DeploymentId
        AND silo.Address = @Address
        AND silo.Port = @Port
        AND silo.Generation = @Generation
    WHERE cluster.DeploymentId = @DeploymentId
$$),
('MembershipReadAllKey', $$
    SELECT
        cluster.DeploymentId,
        silo.Address,
        silo.Port,
        silo.Generation,
        silo.SiloName,
        silo.HostName,
        silo.Status,
        silo.ProxyPort,
        silo.SuspectTimes,
        silo.StartTime,
        silo.IAmAliveTime,
        cluster.Version
    FROM OrleansMembershipVersionTable AS cluster
    LEFT JOIN OrleansMembershipTable AS silo
        ON silo.DeploymentId = cluster.DeploymentId
    WHERE cluster.DeploymentId = @DeploymentId
$$),
('GatewaysQueryKey', $$
    SELECT
        Address,
        ProxyPort,
        Generation
    FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId
        AND Status = @Status
        AND ProxyPort > 0
$$),
('DeleteMembershipTableEntriesKey', $$
    WITH silos AS (
        DELETE FROM OrleansMembershipTable
        WHERE DeploymentId = @DeploymentId
    )
    DELETE FROM OrleansMembershipVersionTable
    WHERE DeploymentId = @DeploymentId
$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM OrleansMembershipTable
    WHERE DeploymentId = @DeploymentId
        AND IAmAliveTime < @IAmAliveTime
        AND Status <> 3
$$);

-- Grain storage

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', $$
    SELECT
        PayloadBinary,
        now(),
        Version
    FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash
        AND GrainTypeHash = @GrainTypeHash
        AND ServiceId = @ServiceId
        AND GrainTypeString = @GrainTypeString
        AND GrainIdN0 = @GrainIdN0
        AND GrainIdN1 = @GrainIdN1
        AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
$$),
-- A first write (no version) inserts or loses; every other one updates the version it read or loses. Losing gives no row.
('WriteToStorageKey', $$
    WITH updated AS (
        UPDATE OrleansStorage
        SET PayloadBinary = @PayloadBinary,
            ModifiedOn = now(),
            Version = Version + 1
        WHERE GrainIdHash = @GrainIdHash
            AND GrainTypeHash = @GrainTypeHash
            AND ServiceId = @ServiceId
            AND GrainTypeString = @GrainTypeString
            AND GrainIdN0 = @GrainIdN0
            AND GrainIdN1 = @GrainIdN1
            AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
            AND Version = @GrainStateVersion
        RETURNING Version
    ),
    inserted AS (
        INSERT INTO OrleansStorage (
            GrainIdHash,
            GrainIdN0,
            GrainIdN1,
            GrainTypeHash,
            GrainTypeString,
            GrainIdExtensionString,
            ServiceId,
            PayloadBinary
        )
        SELECT
            @GrainIdHash,
            @GrainIdN0,
            @GrainIdN1,
            @GrainTypeHash,
            @GrainTypeString,
            @GrainIdExtensionString,
            @ServiceId,
            @PayloadBinary
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING Version
    )
    SELECT Version AS NewGrainStateVersion FROM updated
    UNION ALL
    SELECT Version FROM inserted
$$),
('ClearStorageKey', $$
    UPDATE OrleansStorage
    SET PayloadBinary = NULL,
        ModifiedOn = now(),
        Version = Version + 1
    WHERE GrainIdHash = @GrainIdHash
        AND GrainTypeHash = @GrainTypeHash
        AND ServiceId = @ServiceId
        AND GrainTypeString = @GrainTypeString
        AND GrainIdN0 = @GrainIdN0
        AND GrainIdN1 = @GrainIdN1
        AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version AS NewGrainStateVersion
$$),
('DeleteStorageKey', $$
    DELETE FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash
        AND GrainTypeHash = @GrainTypeHash
        AND ServiceId = @ServiceId
        AND GrainTypeString = @GrainTypeString
        AND GrainIdN0 = @GrainIdN0
        AND GrainIdN1 = @GrainIdN1
        AND GrainIdExtensionString IS NOT DISTINCT FROM @GrainIdExtensionString
        AND Version = @GrainStateVersion
    RETURNING Version + 1 AS NewGrainStateVersion
$$);

-- Reminders

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', $$
    INSERT INTO OrleansRemindersTable AS reminder (
        ServiceId,
        GrainId,
        ReminderName,
        StartTime,
        Period,
        GrainHash
    )
    VALUES (
        @ServiceId,
        @GrainId,
        @ReminderName,
        @StartTime,
        @Period,
        @GrainHash
    )
    ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
    SET StartTime = EXCLUDED.StartTime,
        Period = EXCLUDED.Period,
        GrainHash = EXCLUDED.GrainHash,
        Version = reminder.Version + 1
    RETURNING Version
$$),
('ReadReminderRowKey', $$
    SELECT
        GrainId,
        ReminderName,
        StartTime,
        Period,
        Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId
        AND GrainId = @GrainId
        AND ReminderName = @ReminderName
$$),
('ReadReminderRowsKey', $$
    SELECT
        GrainId,
        ReminderName,
        StartTime,
        Period,
        Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId
        AND GrainId = @GrainId
$$),
('ReadRangeRows1Key', $$
    SELECT
        GrainId,
        ReminderName,
        StartTime,
        Period,
        Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId
        AND GrainHash > @BeginHash
        AND GrainHash <= @EndHash
$$),
('ReadRangeRows2Key', $$
    SELECT
        GrainId,
        ReminderName,
        StartTime,
        Period,
        Version
    FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId
        AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)
$$),
('DeleteReminderRowKey', $$
    WITH deleted AS (
        DELETE FROM OrleansRemindersTable
        WHERE ServiceId = @ServiceId
            AND GrainId = @GrainId
            AND ReminderName = @ReminderName
            AND Version = @Version
        RETURNING 1
    )
    SELECT count(*)::INTEGER FROM deleted
$$),
('DeleteReminderRowsKey', $$
    DELETE FROM OrleansRemindersTable
    WHERE ServiceId = @ServiceId
$$);
