-- Over how many months each membre is known, and by how many months a total is brought to a year.
-- Grain: membre × periode (civil year, or 'ensemble'). Under `besoins_mois_minimum` months (see `regles`) a total is taken as it is for a year:
-- one order in March says nothing of the eleven other months, and multiplying it by twelve would invent a need.
CREATE OR REPLACE TABLE couvertures AS
WITH mois AS (
    SELECT
        membre,
        cast(extract(YEAR FROM mois) AS VARCHAR) AS periode
    FROM couverture
    UNION ALL
    SELECT
        membre,
        'ensemble' AS periode
    FROM couverture
)

SELECT
    m.membre,
    m.periode,
    count(*) AS mois_couverts,
    CASE WHEN count(*) < min(g.besoins_mois_minimum) THEN 12 ELSE count(*) END AS mois_annualisation
FROM mois AS m
CROSS JOIN regles AS g
GROUP BY m.membre, m.periode
ORDER BY m.membre, m.periode
