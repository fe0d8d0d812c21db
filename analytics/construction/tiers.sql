-- The names under which fournisseurs appear, all membres together.
-- Grain: name × SIRET as read.
SELECT
    coalesce(c.fournisseur, '') AS fournisseur,
    coalesce(c.fournisseur_siret, '') AS fournisseur_siret,
    cast(sum(a.nb_lignes) AS BIGINT) AS nb_lignes
FROM reprise.achats_combinaisons AS a
INNER JOIN reprise.combinaisons AS c
    ON a.combinaison = c.combinaison
GROUP BY coalesce(c.fournisseur, ''), coalesce(c.fournisseur_siret, '')
ORDER BY fournisseur, fournisseur_siret
