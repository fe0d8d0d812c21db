-- What was paid for the same thing, quarter by quarter: the matched models of the price index.
-- Grain: model (famille × article × membre × fournisseur) × quarter. The price is the unit value of the quarter, avoirs deducted.
SELECT
    famille,
    article_id,
    membre,
    fournisseur_id,
    extract(YEAR FROM mois) * 4 + extract(QUARTER FROM mois) - 1 AS trimestre,
    cast(sum(montant_prix) AS DOUBLE) AS montant,
    cast(sum(montant_prix) AS DOUBLE) / cast(sum(quantite_prix) AS DOUBLE) AS prix
FROM achats_mois
WHERE article_id IS NOT NULL AND mois IS NOT NULL AND montant_prix IS NOT NULL
GROUP BY famille, article_id, membre, fournisseur_id, extract(YEAR FROM mois) * 4 + extract(QUARTER FROM mois) - 1
HAVING sum(quantite_prix) > 0 AND sum(montant_prix) > 0
