-- Where the prices of an article stand, before any exclusion: the mark against which an aberrant line is seen.
-- Grain: article. One membre = one voice: its quantity-weighted mean price over everything received, as a logarithm.
-- `ecart_median` is the median absolute deviation (MAD) of these logarithms.
CREATE TABLE reprise.reperes_articles AS
WITH prix AS (
    SELECT
        article_id,
        membre,
        ln(cast(sum(montant_ht) AS DOUBLE) / cast(sum(quantite_reference) AS DOUBLE)) AS log_prix
    FROM lignes_jugees
    WHERE motif_propre IS NULL
    GROUP BY article_id, membre
    HAVING sum(quantite_reference) > 0 AND sum(montant_ht) > 0
),

centres AS (
    SELECT
        article_id,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY log_prix) AS centre,
        count(*) AS nb_membres
    FROM prix
    GROUP BY article_id
)

SELECT
    c.article_id,
    c.centre,
    c.nb_membres,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(p.log_prix - c.centre)) AS ecart_median
FROM centres AS c
INNER JOIN prix AS p
    ON c.article_id = p.article_id
GROUP BY c.article_id, c.centre, c.nb_membres
