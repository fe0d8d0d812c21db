-- The lines of an article that the reader may see: those of the membres she reads.
-- Grain: line of purchase.
SELECT *
FROM lignes
WHERE article_id = $article AND ($tout OR list_contains($lisibles, membre))
ORDER BY membre ASC, date DESC, depot ASC, origine ASC, ligne ASC
