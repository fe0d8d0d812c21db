-- One article and the name of its famille.
-- Grain: article.
SELECT
    a.*,
    coalesce(f.libelle, 'À classer') AS famille_libelle
FROM articles AS a
LEFT JOIN familles AS f
    ON a.famille = f.code
WHERE a.article_id = $article
