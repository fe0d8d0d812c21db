-- Who bought what at prices of which the extremes are too far from the mark of the article, in its unit.
-- Grain: article × membre. Temporary table.
CREATE TEMPORARY TABLE suspectes AS
SELECT DISTINCT
    a.article_id,
    a.membre
FROM annuels_a_juger AS a
INNER JOIN reprise.unites_articles AS u
    ON a.article_id = u.article_id AND a.unite_reference = u.unite_reference
INNER JOIN reprise.reperes_articles AS r
    ON a.article_id = r.article_id
WHERE abs(ln(a.rapport_min) - r.centre) > r.seuil OR abs(ln(a.rapport_max) - r.centre) > r.seuil
