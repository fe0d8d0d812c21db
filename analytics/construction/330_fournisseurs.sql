-- Who sells.
-- Grain: fournisseur that has at least one retained line.
CREATE TABLE fournisseurs AS
SELECT
    n.fournisseur_id,
    n.nom,
    n.siren,
    cast(sum(a.nb_lignes) AS BIGINT) AS nb_lignes,
    count(DISTINCT a.membre) AS nb_membres
FROM achats_mois AS a
INNER JOIN noms_fournisseurs AS n
    ON a.fournisseur_id = n.fournisseur_id
GROUP BY n.fournisseur_id, n.nom, n.siren
ORDER BY n.fournisseur_id
