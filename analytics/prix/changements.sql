-- How the prices $membre pays moved between two civil years, and what it costs on what it bought in the later one.
-- Grain: article bought in both years at a price that is compared. Only the reader's own figures.
SELECT
    b.article_id,
    a.libelle,
    a.famille,
    a.unite_reference,
    p.prix_unitaire_ht AS prix_avant,
    b.prix_unitaire_ht AS prix_apres,
    b.prix_unitaire_ht / p.prix_unitaire_ht - 1 AS variation,
    (b.prix_unitaire_ht - p.prix_unitaire_ht) * cast(b.quantite_reference AS DOUBLE) AS effet,
    b.nb_lignes,
    b.nb_fournisseurs
FROM prix_membres AS b
INNER JOIN prix_membres AS p
    ON b.article_id = p.article_id AND b.membre = p.membre AND p.periode = $avant
INNER JOIN articles AS a
    ON b.article_id = a.article_id
WHERE b.membre = $membre AND b.periode = $apres AND NOT b.exclu AND NOT p.exclu
ORDER BY abs((b.prix_unitaire_ht - p.prix_unitaire_ht) * cast(b.quantite_reference AS DOUBLE)) DESC, b.article_id ASC
