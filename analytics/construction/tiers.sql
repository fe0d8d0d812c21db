-- The names under which fournisseurs appear, all membres together.
-- Grain: name × SIRET as read.
SELECT
    fournisseur,
    fournisseur_siret,
    cast(sum(nb_lignes) AS BIGINT) AS nb_lignes
FROM reprise.tiers
GROUP BY fournisseur, fournisseur_siret
ORDER BY fournisseur, fournisseur_siret
