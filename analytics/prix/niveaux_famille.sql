-- How dear each membre buys across the articles of a famille, each article against its own median.
-- Grain: membre that has at least one article of $famille compared over $periode. `niveau` is 100 for who pays the median everywhere.
-- Only editions in force, and only articles whose median this reader is shown: enough members, fournisseurs and members unknown to her ($lisibles).
WITH montrees AS (
    SELECT
        d.article_id,
        d.mediane
    FROM publications AS d
    INNER JOIN articles AS a
        ON d.article_id = a.article_id AND a.famille = $famille
    INNER JOIN publications_membres AS p
        ON d.article_id = p.article_id AND d.periode = p.periode AND NOT p.exclu
    CROSS JOIN regles AS r
    WHERE
        d.periode = $periode
        AND (
            $tout
            OR (d.nb_membres >= r.plancher_membres AND d.nb_fournisseurs >= r.plancher_fournisseurs)
        )
    GROUP BY d.article_id, d.mediane
    HAVING $tout OR count(CASE WHEN NOT list_contains($lisibles, p.membre) THEN 1 END) NOT BETWEEN 1 AND $inconnus - 1
)

SELECT
    p.membre,
    100 * exp(avg(ln(cast(p.montant_ht AS DOUBLE) / cast(p.quantite_reference AS DOUBLE)) - ln(d.mediane))) AS niveau,
    list(p.article_id ORDER BY p.article_id) AS articles
FROM publications_membres AS p
INNER JOIN montrees AS d
    ON p.article_id = d.article_id
WHERE p.periode = $periode AND NOT p.exclu
GROUP BY p.membre
ORDER BY p.membre
