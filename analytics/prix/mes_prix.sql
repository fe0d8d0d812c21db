-- What one membre pays: its price of each article over a period, and the quantity it would buy in twelve months at that pace.
-- Grain: article bought by $membre over $periode. The covered months are those of the period for a year, all of them for 'ensemble'.
SELECT
    p.article_id,
    a.libelle,
    a.famille,
    a.unite_reference,
    p.prix_unitaire_ht,
    p.quantite_reference,
    p.montant_ht,
    p.nb_lignes,
    p.nb_fournisseurs,
    p.nb_approx,
    p.motif_exclusion,
    c.mois_couverts,
    cast(p.quantite_reference AS DOUBLE) * 12 / c.mois_annualisation AS quantite_annuelle
FROM prix_membres AS p
INNER JOIN articles AS a
    ON p.article_id = a.article_id
INNER JOIN couvertures AS c
    ON p.membre = c.membre AND p.periode = c.periode
WHERE p.membre = $membre AND p.periode = $periode AND ($article IS NULL OR p.article_id = $article)
ORDER BY a.famille, a.libelle, p.article_id
