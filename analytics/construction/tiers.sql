-- The names under which fournisseurs appear.
-- Grain: name × SIRET as read.
SELECT
    coalesce(fournisseur, '') AS fournisseur,
    coalesce(fournisseur_siret, '') AS fournisseur_siret,
    count(*) AS nb_lignes
FROM lignes_recues
GROUP BY coalesce(fournisseur, ''), coalesce(fournisseur_siret, '')
ORDER BY fournisseur, fournisseur_siret
