-- The needs of all membres together, and who is behind them that this reader does not already know.
-- Grain: famille ($par = 'famille': article_id is null) or famille × article ($par = 'article').
WITH parts AS (
    SELECT
        b.famille,
        CASE WHEN $par = 'article' THEN b.article_id END AS article_id,
        b.membre,
        sum(b.quantite_annuelle) AS quantite,
        sum(b.montant_annuel_ht) AS montant_ht,
        sum(b.nb_lignes) AS nb_lignes,
        list_contains($lisibles, b.membre) AS lisible
    FROM besoins AS b
    WHERE ($famille IS NULL OR b.famille = $famille) AND ($par = 'famille' OR b.article_id IS NOT NULL)
    GROUP BY b.famille, CASE WHEN $par = 'article' THEN b.article_id END, b.membre
),

tiers AS (
    SELECT
        famille,
        CASE WHEN $par = 'article' THEN article_id END AS article_id,
        count(DISTINCT fournisseur_id) AS nb_fournisseurs
    FROM achats_mois
    GROUP BY famille, CASE WHEN $par = 'article' THEN article_id END
)

SELECT
    p.famille,
    coalesce(f.libelle, 'À classer') AS famille_libelle,
    p.article_id,
    a.libelle AS article,
    CASE WHEN $par = 'article' THEN a.unite_reference END AS unite_reference,
    count(*) AS nb_membres,
    cast(sum(p.nb_lignes) AS BIGINT) AS nb_lignes,
    max(t.nb_fournisseurs) AS nb_fournisseurs,
    CASE WHEN $par = 'article' THEN cast(sum(p.quantite) AS DECIMAL(28, 6)) END AS quantite_annuelle,
    cast(sum(p.montant_ht) AS DECIMAL(24, 2)) AS montant_annuel_ht,
    count(CASE WHEN NOT p.lisible THEN 1 END) AS nb_inconnus,
    cast(max(CASE WHEN NOT p.lisible THEN abs(p.montant_ht) END) AS DOUBLE)
    / nullif(cast(sum(CASE WHEN NOT p.lisible THEN abs(p.montant_ht) END) AS DOUBLE), 0) AS part_inconnue
FROM parts AS p
LEFT JOIN familles AS f
    ON p.famille = f.code
LEFT JOIN articles AS a
    ON p.article_id = a.article_id
LEFT JOIN tiers AS t
    ON p.famille = t.famille AND p.article_id IS NOT DISTINCT FROM t.article_id
GROUP BY p.famille, f.libelle, p.article_id, a.libelle, a.unite_reference
ORDER BY p.famille, a.libelle, p.article_id
