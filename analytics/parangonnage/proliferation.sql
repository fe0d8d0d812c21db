-- How many different articles each membre buys in each famille.
-- Grain: famille × membre.
SELECT
    a.famille,
    coalesce(f.libelle, 'À classer') AS famille_libelle,
    b.membre,
    count(DISTINCT b.article_id) AS nb_articles
FROM besoins AS b
INNER JOIN articles AS a
    ON b.article_id = a.article_id
LEFT JOIN familles AS f
    ON a.famille = f.code
GROUP BY a.famille, f.libelle, b.membre
ORDER BY a.famille, b.membre
