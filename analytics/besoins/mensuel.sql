-- Quantity and amount bought by $membre, month by month, for an article or a whole famille ($article null).
-- Grain: covered month (zero when nothing was bought that month).
SELECT
    c.mois,
    cast(coalesce(sum(a.quantite), 0) AS DOUBLE) AS quantite,
    cast(coalesce(sum(a.montant_ht), 0) AS DOUBLE) AS montant_ht
FROM couverture AS c
LEFT JOIN achats_mois AS a
    ON
        c.membre = a.membre
        AND c.mois = a.mois
        AND a.famille = $famille
        AND ($article IS NULL OR a.article_id = $article)
WHERE c.membre = $membre
GROUP BY c.mois
ORDER BY c.mois
