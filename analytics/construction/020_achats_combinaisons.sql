-- How often, from when, for how much and at what usual price each membre bought what a combination names.
-- Grain: membre × combination.
CREATE TABLE reprise.achats_combinaisons AS
SELECT
    membre,
    combinaison,
    count(*) AS nb_lignes,
    cast(sum(montant_ht) AS DECIMAL(24, 2)) AS montant_ht,
    min(date) AS premiere_date,
    cast(
        percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN prix_unitaire_ht > 0 THEN cast(prix_unitaire_ht AS DOUBLE) END) AS DECIMAL(18, 6)
    ) AS prix_median
FROM lignes_des_membres
GROUP BY membre, combinaison
