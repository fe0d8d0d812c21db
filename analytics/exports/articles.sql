-- The catalogue of articles: no price.
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
ORDER BY a.famille, a.libelle, a.article_id
