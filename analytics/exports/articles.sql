-- The catalogue of articles: no price, and no label that fewer membres than the floor buy, but for who reads their lines.
-- Grain: article.
SELECT
    a.article_id,
    a.libelle AS article,
    a.famille,
    f.libelle AS famille_libelle,
    a.unite_reference,
    a.attributs,
    a.nb_lignes,
    a.nb_membres,
    a.nb_fournisseurs
FROM articles AS a
LEFT JOIN familles AS f
    ON a.famille = f.code
WHERE
    (
        $tout
        OR a.nb_membres >= $plancher_membres
        OR EXISTS (
            SELECT 1 FROM besoins AS b
            WHERE b.article_id = a.article_id AND list_contains($lisibles, b.membre)
        )
    )
ORDER BY a.famille, a.libelle, a.article_id
