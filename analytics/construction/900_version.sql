-- Which observatoire this is; `construit_le` is in universal time.
-- Grain: one row.
CREATE OR REPLACE TABLE version AS
SELECT
    cast($version AS VARCHAR) AS version,
    cast($construit_le AS TIMESTAMP) AS construit_le,
    cast($date_reference AS DATE) AS date_reference,
    cast($nb_depots AS BIGINT) AS nb_depots,
    cast($nb_lignes AS BIGINT) AS nb_lignes
