-- What is published of each article, and the membres that count in it (by their rank in acheteurs.sql) with what each spent, in cents.
-- Grain: article × periode, in this order: the rows of an article follow each other.
-- Caveat: the lists hold what no page may show; analytics.carnet reads them only to say how many membres a reader does not know.
WITH acheteurs AS (
    SELECT DISTINCT membre
    FROM publications_membres
),

rangs AS (
    SELECT
        membre,
        cast(row_number() OVER (ORDER BY membre) AS SMALLINT) AS rang
    FROM acheteurs
),

comptes AS (
    SELECT
        m.article_id,
        m.periode,
        list(r.rang ORDER BY r.rang) FILTER (WHERE NOT m.exclu) AS membres,
        list(cast(m.montant_ht * 100 AS BIGINT) ORDER BY r.rang) FILTER (WHERE NOT m.exclu) AS centimes,
        count(CASE WHEN m.exclu THEN 1 END) AS nb_exclus
    FROM publications_membres AS m
    INNER JOIN rangs AS r
        ON m.membre = r.membre
    GROUP BY m.article_id, m.periode
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
    d.arretee_le,
    d.est_figee,
    c.membres,
    c.centimes,
    c.nb_exclus
FROM publications AS d
INNER JOIN comptes AS c
    ON d.article_id = c.article_id AND d.periode = c.periode
ORDER BY d.article_id, d.periode
