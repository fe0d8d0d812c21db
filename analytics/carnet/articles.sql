-- The articles with the name of their famille, and of those that fewer membres than $plancher_membres buy, who they are.
-- Grain: article. Only who reads the lines of one of these membres may see the article (see prix/articles_filtres.sql).
WITH acheteurs_des_rares AS (
    SELECT
        b.article_id,
        list(DISTINCT b.membre) AS acheteurs
    FROM besoins AS b
    INNER JOIN articles AS r
        ON b.article_id = r.article_id
    WHERE r.nb_membres < $plancher_membres
    GROUP BY b.article_id
)

SELECT
    a.article_id,
    a.libelle,
    a.famille,
    coalesce(f.libelle, 'À classer') AS famille_libelle,
    a.unite_reference,
    a.attributs,
    a.nb_lignes,
    a.nb_membres,
    a.nb_fournisseurs,
    d.acheteurs
FROM articles AS a
LEFT JOIN familles AS f
    ON a.famille = f.code
LEFT JOIN acheteurs_des_rares AS d
    ON a.article_id = d.article_id
ORDER BY a.article_id
