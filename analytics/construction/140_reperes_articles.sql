-- Where the prices of an article stand, before any exclusion: the mark against which an aberrant line is seen.
-- Grain: article. One membre = one voice: its quantity-weighted mean price over everything received, as a logarithm. A line is aberrant when
-- the logarithm of its price is further than `seuil` from `centre`: so many MADs (median absolute deviations), and a ratio; null when too
-- few membres bought it to tell.
CREATE TABLE reprise.reperes_articles AS
WITH prix AS (
    SELECT
        a.article_id,
        a.membre,
        ln(cast(sum(a.montant_ht) AS DOUBLE) / cast(sum(a.quantite) AS DOUBLE)) AS log_prix
    FROM annuels_repris AS a
    INNER JOIN reprise.unites_articles AS u
        ON a.article_id = u.article_id AND a.unite_reference = u.unite_reference
    WHERE a.nb_candidates > 0
    GROUP BY a.article_id, a.membre
    HAVING sum(a.quantite) > 0 AND sum(a.montant_ht) > 0
),

centres AS (
    SELECT
        article_id,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY log_prix) AS centre,
        count(*) AS nb_membres
    FROM prix
    GROUP BY article_id
),

ecarts AS (
    SELECT
        c.article_id,
        c.centre,
        c.nb_membres,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(p.log_prix - c.centre)) AS ecart_median
    FROM centres AS c
    INNER JOIN prix AS p
        ON c.article_id = p.article_id
    GROUP BY c.article_id, c.centre, c.nb_membres
)

SELECT
    e.article_id,
    e.centre,
    CASE
        WHEN e.nb_membres >= g.aberrants_nb_membres
            THEN greatest(g.aberrants_ecarts * 1.4826 * e.ecart_median, ln(g.aberrants_rapport_ligne))
    END AS seuil
FROM ecarts AS e
CROSS JOIN regles AS g
ORDER BY e.article_id
