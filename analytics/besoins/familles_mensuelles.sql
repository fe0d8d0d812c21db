-- Amount bought month by month by each membre in each famille, over the months it covers.
-- Grain: membre × famille × covered month.
WITH couples AS (
    SELECT DISTINCT
        membre,
        famille
    FROM achats_mois
)

SELECT
    p.membre,
    p.famille,
    c.mois,
    cast(coalesce(sum(a.montant_ht), 0) AS DOUBLE) AS montant_ht
FROM couples AS p
INNER JOIN couverture AS c
    ON p.membre = c.membre
LEFT JOIN achats_mois AS a
    ON p.membre = a.membre AND p.famille = a.famille AND c.mois = a.mois
GROUP BY p.membre, p.famille, c.mois
ORDER BY p.membre, p.famille, c.mois
