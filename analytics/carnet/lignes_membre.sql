-- The lines of one membre that stand under an article, with what a page shows of them.
-- Grain: line of purchase; in the order of prix/mes_lignes.sql within an article.
SELECT
    article_id,
    depot,
    origine,
    ligne,
    membre,
    date,
    fournisseur,
    libelle,
    quantite,
    unite,
    prix_unitaire_ht,
    prix_unitaire_reference_ht,
    unite_reference,
    famille,
    motif_hors_prix
FROM lignes
WHERE membre = $membre AND article_id IS NOT NULL
ORDER BY article_id ASC, date DESC, depot ASC, origine ASC, ligne ASC
