-- The prices of an article paid by the membres whose prices the reader may see by name.
-- Grain: periode × membre.
SELECT
    p.*,
    m.nom
FROM prix_membres AS p
LEFT JOIN membres AS m
    ON p.membre = m.siren
WHERE p.article_id = $article AND ($tout OR list_contains($lisibles, p.membre))
ORDER BY p.periode, m.nom
