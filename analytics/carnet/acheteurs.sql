-- The membres that count in what is published, in the order of the ranks of publications.sql.
-- Grain: membre.
SELECT DISTINCT membre
FROM publications_membres
ORDER BY membre
