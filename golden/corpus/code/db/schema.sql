-- Tidewater, PostgreSQL 16. Weights in grams, temperatures in tenths of a degree.

CREATE TABLE apiaries (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    timezone    text NOT NULL DEFAULT 'Europe/Berlin',
    latitude    numeric(8, 5),
    longitude   numeric(8, 5),
    -- Rounded to about one kilometre before it is shown to anybody but the owner:
    -- hives are stolen every spring.
    public_spot point GENERATED ALWAYS AS (point(round(longitude, 2), round(latitude, 2))) STORED
);

CREATE TABLE hives (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    apiary_id   bigint NOT NULL REFERENCES apiaries (id),
    label       text NOT NULL,
    queen_year  smallint CHECK (queen_year BETWEEN 2000 AND 2100),
    -- A hive in the bin keeps its readings for thirty days, then a job erases both.
    binned_at   timestamptz,
    UNIQUE NULLS NOT DISTINCT (apiary_id, label, binned_at)
);

CREATE TABLE nodes (
    serial      text PRIMARY KEY CHECK (serial ~ '^N-[0-9]{3,6}$'),
    hive_id     bigint REFERENCES hives (id) ON DELETE SET NULL,
    firmware    text NOT NULL,
    plate_factor numeric(6, 4) CHECK (plate_factor BETWEEN 0.92 AND 1.08),
    calibrated_on date
);

CREATE TABLE readings (
    node        text NOT NULL REFERENCES nodes (serial),
    sequence    bigint NOT NULL,
    taken_at    timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    weight_g    integer,
    temperature_dc smallint,
    humidity    smallint CHECK (humidity BETWEEN 0 AND 100),
    battery_cv  smallint,
    -- The partition key has to be part of every unique key.
    PRIMARY KEY (node, sequence, taken_at)
) PARTITION BY RANGE (taken_at);

CREATE INDEX readings_recent ON readings (node, taken_at DESC) INCLUDE (weight_g);

CREATE TABLE members (
    apiary_id   bigint NOT NULL REFERENCES apiaries (id) ON DELETE CASCADE,
    person_id   bigint NOT NULL,
    role        text NOT NULL CHECK (role IN ('owner', 'keeper', 'helper', 'guest')),
    until       timestamptz,
    PRIMARY KEY (apiary_id, person_id)
);

-- An apiary without an owner cannot be managed by anybody, so the last one is protected.
CREATE FUNCTION keep_one_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.role = 'owner' AND NOT EXISTS (
        SELECT 1 FROM members
        WHERE apiary_id = OLD.apiary_id AND role = 'owner' AND person_id <> OLD.person_id
    ) THEN
        RAISE EXCEPTION 'apiary % would be left without an owner', OLD.apiary_id
            USING HINT = 'Hand the apiary over first.';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER last_owner BEFORE UPDATE OF role OR DELETE ON members
    FOR EACH ROW EXECUTE FUNCTION keep_one_owner();
