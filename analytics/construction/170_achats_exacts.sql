-- What makes the price of a membre: what it bought of each article, from whom, year by year, aberrant lines taken away.
-- Grain: article × famille × membre × fournisseur × civil year (null = no date); only what makes a price or would but for its approximate conversion.
CREATE TEMPORARY TABLE achats_exacts AS
SELECT
    a.article_id,
    a.membre,
    a.fournisseur_id,
    a.annee,
    CASE WHEN a.nb_candidates > coalesce(b.nb_lignes, 0) THEN cast(a.quantite - coalesce(b.quantite, 0) AS DECIMAL(28, 6)) END AS quantite_prix,
    CASE WHEN a.nb_candidates > coalesce(b.nb_lignes, 0) THEN cast(a.montant_ht - coalesce(b.montant_ht, 0) AS DECIMAL(24, 2)) END AS montant_prix,
    a.nb_achats - coalesce(b.nb_achats, 0) AS nb_lignes_prix,
    a.nb_approx
FROM annuels_repris AS a
INNER JOIN reprise.unites_articles AS u
    ON a.article_id = u.article_id AND a.unite_reference = u.unite_reference
LEFT JOIN reprise.aberrantes AS b
    ON
        a.article_id = b.article_id
        AND a.famille IS NOT DISTINCT FROM b.famille
        AND a.membre = b.membre
        AND a.fournisseur_id IS NOT DISTINCT FROM b.fournisseur_id
        AND a.annee IS NOT DISTINCT FROM b.annee
WHERE a.nb_candidates > coalesce(b.nb_lignes, 0) OR a.nb_approx > 0
