-- Who sells.
-- Grain: fournisseur that has at least one retained line.
CREATE OR REPLACE TABLE fournisseurs AS
SELECT
    n.fournisseur_id,
    n.nom,
    n.siren,
    cast(sum(a.nb_lignes) AS BIGINT) AS nb_lignes,
    count(DISTINCT a.membre) AS nb_membres
FROM reprise.achats_combinaisons AS a
INNER JOIN reprise.placements AS p
    ON a.combinaison = p.combinaison
INNER JOIN noms_fournisseurs AS n
    ON p.fournisseur_id = n.fournisseur_id
GROUP BY n.fournisseur_id, n.nom, n.siren
ORDER BY n.fournisseur_id
