-- The unit in which an article is compared: the one most of its lines are resolved in (ties: first name).
-- Grain: article.
CREATE TABLE reprise.unites_articles AS
WITH comptes AS (
    SELECT
        article_id,
        unite_reference,
        row_number() OVER (PARTITION BY article_id ORDER BY count(*) DESC, unite_reference ASC) AS rang
    FROM lignes_a_juger
    WHERE article_id IS NOT NULL AND quantite_reference IS NOT NULL
    GROUP BY article_id, unite_reference
)

SELECT
    article_id,
    unite_reference
FROM comptes
WHERE rang = 1
