-- The ways in which an article is written: labels that say exactly the same are one, and would leave the article together.
-- Grain: key of labels, most lines first. `textes` holds the labels the reader may know (those of the membres she reads, or of enough membres),
-- the prices are those of the lines she reads. Caveat: an empty `textes` is a writing that only its membres may read.
WITH libelles AS (
    SELECT
        cle_libelle,
        libelle,
        count(*) AS nb_lignes,
        count(DISTINCT membre) >= $plancher_membres OR $tout OR bool_or(list_contains($lisibles, membre)) AS est_lisible,
        min(CASE WHEN motif_hors_prix IS NULL AND ($tout OR list_contains($lisibles, membre)) THEN prix_unitaire_reference_ht END) AS prix_bas,
        max(CASE WHEN motif_hors_prix IS NULL AND ($tout OR list_contains($lisibles, membre)) THEN prix_unitaire_reference_ht END) AS prix_haut
    FROM lignes
    WHERE article_id = $article AND cle_libelle IS NOT NULL
    GROUP BY cle_libelle, libelle
)

SELECT
    cle_libelle,
    cast(sum(nb_lignes) AS BIGINT) AS nb_lignes,
    coalesce(list(libelle ORDER BY nb_lignes DESC, libelle ASC) FILTER (WHERE est_lisible), []) AS textes,
    min(prix_bas) AS prix_bas,
    max(prix_haut) AS prix_haut
FROM libelles
GROUP BY cle_libelle
ORDER BY nb_lignes DESC, cle_libelle ASC
