-- What each membre paid for each article in each civil year, and how much it bought: the observations of the volume effect.
-- Grain: famille × article × year × membre, prices that are compared only.
SELECT
    a.famille,
    p.article_id,
    p.periode,
    p.membre,
    cast(p.quantite_reference AS DOUBLE) AS quantite,
    p.prix_unitaire_ht AS prix
FROM prix_membres AS p
INNER JOIN articles AS a
    ON p.article_id = a.article_id
WHERE p.periode <> 'ensemble' AND NOT p.exclu
ORDER BY a.famille, p.article_id, p.periode, p.membre
