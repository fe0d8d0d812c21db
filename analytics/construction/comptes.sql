-- What became of the lines of each dépôt read, and the months that its retained lines cover.
-- Grain: dépôt × statut.
SELECT
    l.depot,
    coalesce(c.statut_final, l.statut) AS statut,
    count(*) AS nb_lignes,
    cast(coalesce(sum(l.montant_ht), 0) AS DECIMAL(24, 2)) AS montant_ht,
    min(l.date) AS debut,
    max(l.date) AS fin
FROM fichiers_lus AS l
LEFT JOIN changements AS c
    ON l.depot = c.depot AND l.empreinte = c.empreinte
GROUP BY l.depot, coalesce(c.statut_final, l.statut)
