-- What each commune spends in a year per inhabitant, famille by famille.
-- Grain: famille × commune of known population that has at least one line of the famille.
SELECT
    b.famille,
    coalesce(f.libelle, 'À classer') AS famille_libelle,
    m.siren AS membre,
    m.population,
    cast(sum(b.montant_annuel_ht) AS DOUBLE) / m.population AS depense,
    cast(sum(b.nb_lignes) AS BIGINT) AS nb_lignes
FROM besoins AS b
INNER JOIN membres AS m
    ON b.membre = m.siren AND m.nature = 'commune' AND m.population > 0
LEFT JOIN familles AS f
    ON b.famille = f.code
GROUP BY b.famille, f.libelle, m.siren, m.population
ORDER BY b.famille, m.siren
