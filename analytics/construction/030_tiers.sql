-- The names under which fournisseurs appear.
-- Grain: membre × name × SIRET as read.
CREATE TABLE reprise.tiers AS
SELECT
    membre,
    coalesce(fournisseur, '') AS fournisseur,
    coalesce(fournisseur_siret, '') AS fournisseur_siret,
    count(*) AS nb_lignes
FROM lignes_recues
GROUP BY membre, coalesce(fournisseur, ''), coalesce(fournisseur_siret, '')
