-- Rollups: one row per node and hour, one per node and day. Run every ten minutes.

CREATE TABLE dirty_buckets (
    node   text NOT NULL,
    bucket timestamptz NOT NULL,
    PRIMARY KEY (node, bucket)
);

CREATE TABLE hourly (
    node     text NOT NULL,
    bucket   timestamptz NOT NULL,
    samples  integer NOT NULL,
    low_g    integer,
    high_g   integer,
    median_g integer,
    mean_dc  smallint,
    PRIMARY KEY (node, bucket)
);

CREATE TABLE daily (
    node     text NOT NULL,
    day      date NOT NULL,
    -- Gain is the weight at midnight less the weight of the midnight before; it is
    -- empty when either of them had to be guessed.
    gain_g   integer,
    low_dc   smallint,
    high_dc  smallint,
    coverage numeric(4, 3) NOT NULL,
    PRIMARY KEY (node, day)
);

-- Every insert marks its hour, so that readings which arrive late are counted in.
CREATE FUNCTION mark_dirty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dirty_buckets
    SELECT DISTINCT node, date_trunc('hour', taken_at) FROM added
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER after_readings AFTER INSERT ON readings
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION mark_dirty();

CREATE PROCEDURE refresh_hourly(max_buckets integer DEFAULT 5000) LANGUAGE plpgsql AS $$
BEGIN
    -- SKIP LOCKED lets two workers share the list without waiting for each other.
    CREATE TEMP TABLE todo ON COMMIT DROP AS
        SELECT node, bucket FROM dirty_buckets
        ORDER BY bucket DESC LIMIT max_buckets FOR UPDATE SKIP LOCKED;

    INSERT INTO hourly
    SELECT r.node, t.bucket, count(*), min(weight_g), max(weight_g),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY weight_g),
           round(avg(temperature_dc))
    FROM todo t
    JOIN readings r ON r.node = t.node
        AND r.taken_at >= t.bucket AND r.taken_at < t.bucket + interval '1 hour'
    GROUP BY r.node, t.bucket
    ON CONFLICT (node, bucket) DO UPDATE SET
        samples = excluded.samples, low_g = excluded.low_g, high_g = excluded.high_g,
        median_g = excluded.median_g, mean_dc = excluded.mean_dc;

    DELETE FROM dirty_buckets d USING todo t WHERE d.node = t.node AND d.bucket = t.bucket;
END
$$;

-- Season comparison: this year's daily gains beside those of the year before.
CREATE VIEW season_compare AS
SELECT d.node, d.day, d.gain_g,
       p.gain_g AS gain_g_last_year,
       sum(d.gain_g) OVER (PARTITION BY d.node, extract(year FROM d.day) ORDER BY d.day) AS running_g
FROM daily d
LEFT JOIN daily p ON p.node = d.node AND p.day = (d.day - interval '1 year')::date
WHERE d.coverage >= 0.8;
