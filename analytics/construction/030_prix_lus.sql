-- The unit prices read of each combination: what tells a packaging that can be read in two ways.
-- Grain: combination × price × reading. Counts are signed: a dépôt read again takes away what it brought before, and those that add up to
-- zero are no price any more.
CREATE TABLE reprise.prix_lus AS
SELECT
    combinaison,
    prix_unitaire_ht AS prix,
    cast(sum(sens) AS BIGINT) AS nb_lignes
FROM lignes_comptees
WHERE prix_unitaire_ht > 0
GROUP BY combinaison, prix_unitaire_ht
