-- The distributions that readers are shown: those of `distributions`, or of the last edition where it stays in force.
-- Grain: article × periode, same columns as `distributions`, with the day the edition was made.
CREATE OR REPLACE TABLE publications AS
WITH editions AS (
    SELECT
        article_id,
        periode,
        max(arretee_le) AS arretee_le,
        bool_or(est_figee) AS est_figee
    FROM publications_membres
    GROUP BY article_id, periode
)

SELECT
    d.article_id,
    d.periode,
    d.nb_membres,
    d.nb_lignes,
    d.nb_fournisseurs,
    d.quantite_reference,
    d.montant_ht,
    d.minimum,
    d.p10,
    d.q1,
    d.mediane,
    d.q3,
    d.p90,
    d.maximum,
    d.moyenne_ponderee,
    e.arretee_le,
    e.est_figee
FROM distributions AS d
INNER JOIN editions AS e
    ON d.article_id = e.article_id AND d.periode = e.periode
WHERE NOT e.est_figee
UNION ALL
SELECT
    a.article_id,
    a.periode,
    a.nb_membres,
    a.nb_lignes,
    a.nb_fournisseurs,
    a.quantite_reference,
    a.montant_ht,
    a.minimum,
    a.p10,
    a.q1,
    a.mediane,
    a.q3,
    a.p90,
    a.maximum,
    a.moyenne_ponderee,
    a.arretee_le,
    e.est_figee
FROM publications_anciennes AS a
INNER JOIN editions AS e
    ON a.article_id = e.article_id AND a.periode = e.periode
WHERE e.est_figee
ORDER BY article_id, periode
