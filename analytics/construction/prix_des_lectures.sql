-- The prices at which each reading was bought.
-- Grain: combination × price.
SELECT DISTINCT
    a.combinaison,
    a.prix_median AS prix
FROM reprise.achats_combinaisons AS a
INNER JOIN combinaisons_corrigees AS c
    ON a.combinaison = c.combinaison
WHERE a.prix_median IS NOT NULL AND coalesce(c.contenu_confiance >= 0.999, TRUE) AND NOT c.est_mandat
UNION ALL
SELECT
    p.combinaison,
    p.prix
FROM reprise.prix_lus AS p
INNER JOIN combinaisons_corrigees AS c
    ON p.combinaison = c.combinaison
WHERE c.contenu_confiance < 0.999 AND NOT c.est_mandat
GROUP BY p.combinaison, p.prix
HAVING sum(p.nb_lignes) > 0
