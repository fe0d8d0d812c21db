-- What every membre bought of each article, from whom, month by month: all the other tables are computed from this one.
-- Grain: famille × article (null = no article) × membre × fournisseur × month. `quantite_prix` and `montant_prix` hold only what makes a price.
-- `quantite` adds every known quantity in the unit of the article, approximate conversions included; `montant_ht` adds everything.
-- Lines without article have no common unit: their quantities are not added.
CREATE TABLE achats_mois AS
SELECT
    famille,
    article_id,
    membre,
    fournisseur_id,
    cast(date_trunc('month', date) AS DATE) AS mois,
    cast(
        sum(CASE WHEN article_id IS NOT NULL AND coalesce(motif_hors_prix, '') <> 'unite_incompatible' THEN quantite_reference END) AS DECIMAL(28, 6)
    ) AS quantite,
    cast(coalesce(sum(montant_ht), 0) AS DECIMAL(24, 2)) AS montant_ht,
    cast(sum(CASE WHEN motif_hors_prix IS NULL THEN quantite_reference END) AS DECIMAL(28, 6)) AS quantite_prix,
    cast(sum(CASE WHEN motif_hors_prix IS NULL THEN montant_ht END) AS DECIMAL(24, 2)) AS montant_prix,
    count(*) AS nb_lignes,
    count(CASE WHEN motif_hors_prix IS NULL AND nature = 'achat' THEN 1 END) AS nb_lignes_prix,
    count(CASE WHEN motif_hors_prix = 'conversion_approchee' THEN 1 END) AS nb_approx,
    count(CASE WHEN motif_hors_prix = 'prix_aberrant' THEN 1 END) AS nb_aberrantes
FROM lignes_reprises
GROUP BY famille, article_id, membre, fournisseur_id, cast(date_trunc('month', date) AS DATE)
ORDER BY article_id, membre, mois
