-- What every membre bought of each article, from whom, year by year: what prices of membres are computed from.
-- Grain: article × membre × fournisseur × civil year (null = no date); only what makes a price or would but for its approximate conversion.
CREATE TABLE reprise.achats_annuels AS
SELECT
    article_id,
    membre,
    fournisseur_id,
    cast(extract(YEAR FROM mois) AS VARCHAR) AS annee,
    cast(sum(quantite_prix) AS DECIMAL(28, 6)) AS quantite_prix,
    cast(sum(montant_prix) AS DECIMAL(24, 2)) AS montant_prix,
    cast(sum(nb_lignes_prix) AS BIGINT) AS nb_lignes_prix,
    cast(sum(nb_approx) AS BIGINT) AS nb_approx
FROM achats_repris
WHERE article_id IS NOT NULL AND (montant_prix IS NOT NULL OR nb_approx > 0)
GROUP BY article_id, membre, fournisseur_id, cast(extract(YEAR FROM mois) AS VARCHAR)
