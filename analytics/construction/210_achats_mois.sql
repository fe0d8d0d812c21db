-- What every membre bought of each article, from whom, month by month: besoins, indices and pages are computed from this one.
-- Grain: famille × article (null = no article) × membre × fournisseur × month. `quantite_prix` and `montant_prix` hold only what makes a price.
-- `quantite` adds every known quantity in the unit of the article, approximate conversions included; `montant_ht` adds everything.
-- Lines without article have no common unit: their quantities are not added.
CREATE TABLE socle.achats_mois AS
WITH sommes AS (
    SELECT
        achat,
        membre,
        date_trunc('month', date) AS mois,
        sum(CASE WHEN coalesce(motif_hors_prix, '') <> 'unite_incompatible' THEN quantite_reference END) AS quantite,
        sum(montant_ht) AS montant_ht,
        sum(CASE WHEN motif_hors_prix IS NULL THEN quantite_reference END) AS quantite_prix,
        sum(CASE WHEN motif_hors_prix IS NULL THEN montant_ht END) AS montant_prix,
        count(*) AS nb_lignes,
        count(CASE WHEN motif_hors_prix IS NULL AND nature = 'achat' THEN 1 END) AS nb_lignes_prix,
        count(CASE WHEN motif_hors_prix = 'conversion_approchee' THEN 1 END) AS nb_approx,
        count(CASE WHEN motif_hors_prix = 'prix_aberrant' THEN 1 END) AS nb_aberrantes
    FROM lignes_mensuelles
    GROUP BY achat, membre, date_trunc('month', date)
),

achats AS (
    SELECT DISTINCT
        achat,
        famille,
        article_id,
        fournisseur_id
    FROM reprise.sujets
)

SELECT
    j.famille,
    j.article_id,
    s.membre,
    j.fournisseur_id,
    cast(s.mois AS DATE) AS mois,
    CASE WHEN j.article_id IS NOT NULL THEN cast(s.quantite AS DECIMAL(28, 6)) END AS quantite,
    cast(coalesce(s.montant_ht, 0) AS DECIMAL(24, 2)) AS montant_ht,
    cast(s.quantite_prix AS DECIMAL(28, 6)) AS quantite_prix,
    cast(s.montant_prix AS DECIMAL(24, 2)) AS montant_prix,
    s.nb_lignes,
    s.nb_lignes_prix,
    s.nb_approx,
    s.nb_aberrantes
FROM sommes AS s
INNER JOIN achats AS j
    ON s.achat = j.achat
ORDER BY j.article_id, s.membre, s.mois
