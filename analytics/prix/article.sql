-- One article and the name of its famille.
-- Grain: article; none when it is not the reader's to know (see articles_filtres.sql).
SELECT
    a.*,
    coalesce(f.libelle, 'À classer') AS famille_libelle
FROM articles AS a
LEFT JOIN familles AS f
    ON a.famille = f.code
WHERE
    a.article_id = $article
    AND (
        $tout
        OR a.nb_membres >= $plancher_membres
        OR EXISTS (
            SELECT 1 FROM besoins AS b
            WHERE b.article_id = a.article_id AND list_contains($lisibles, b.membre)
        )
    )
