-- The unit in which an article is compared: the one people chose, else the one most of its lines are resolved in (ties: first name).
-- Grain: article.
CREATE OR REPLACE TABLE reprise.unites_articles AS
WITH comptes AS (
    SELECT
        article_id,
        unite_reference,
        row_number() OVER (PARTITION BY article_id ORDER BY sum(nb_resolues) DESC, unite_reference ASC) AS rang
    FROM reprise.achats_annuels
    WHERE nb_resolues > 0
    GROUP BY article_id, unite_reference
)

SELECT
    c.article_id,
    coalesce(d.unite_reference, c.unite_reference) AS unite_reference
FROM comptes AS c
LEFT JOIN unites_decidees AS d
    ON c.article_id = d.article_id
WHERE c.rang = 1
ORDER BY c.article_id
