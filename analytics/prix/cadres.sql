-- What must be known of each distribution before it is shown: who is behind it that this reader does not already know.
-- Grain: article × periode, among $articles. `part_inconnue` is the share of the largest unknown membre in the amount of the unknown ones.
SELECT
    d.*,
    a.famille,
    a.libelle,
    a.unite_reference,
    count(CASE WHEN NOT p.exclu AND NOT list_contains($lisibles, p.membre) THEN 1 END) AS nb_inconnus,
    cast(max(CASE WHEN NOT p.exclu AND NOT list_contains($lisibles, p.membre) THEN p.montant_ht END) AS DOUBLE)
    / cast(sum(CASE WHEN NOT p.exclu AND NOT list_contains($lisibles, p.membre) THEN p.montant_ht END) AS DOUBLE) AS part_inconnue,
    count(CASE WHEN p.exclu THEN 1 END) AS nb_exclus
FROM publications AS d
INNER JOIN articles AS a
    ON d.article_id = a.article_id
INNER JOIN publications_membres AS p
    ON d.article_id = p.article_id AND d.periode = p.periode
WHERE list_contains($articles, d.article_id)
GROUP BY
    d.article_id, d.periode, d.nb_membres, d.nb_lignes, d.nb_fournisseurs, d.quantite_reference, d.montant_ht, d.minimum, d.p10, d.q1,
    d.mediane, d.q3, d.p90, d.maximum, d.moyenne_ponderee, d.arretee_le, d.est_figee, a.famille, a.libelle, a.unite_reference
ORDER BY d.article_id, d.periode
