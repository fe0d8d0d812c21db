-- Which observatoire this is; `construit_le` is in universal time.
-- Grain: one row.
CREATE TABLE version AS
SELECT
    $version AS version,
    CAST($construit_le AS TIMESTAMP) AS construit_le,
    CAST($date_reference AS DATE) AS date_reference,
    CAST($nb_depots AS BIGINT) AS nb_depots,
    CAST($nb_lignes AS BIGINT) AS nb_lignes
