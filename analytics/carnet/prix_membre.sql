-- What one membre pays for each article, period by period, and what it would buy in twelve months at that pace.
-- Grain: article × periode, in this order. `quantite_annuelle` is null when nothing is known of the months covered (see prix/mes_prix.sql).
SELECT
    p.article_id,
    p.periode,
    p.membre,
    p.quantite_reference,
    p.montant_ht,
    p.prix_unitaire_ht,
    p.nb_lignes,
    p.nb_fournisseurs,
    p.nb_approx,
    p.exclu,
    p.motif_exclusion,
    m.nom,
    c.mois_couverts,
    cast(p.quantite_reference AS DOUBLE) * 12 / c.mois_annualisation AS quantite_annuelle
FROM prix_membres AS p
LEFT JOIN membres AS m
    ON p.membre = m.siren
LEFT JOIN couvertures AS c
    ON p.membre = c.membre AND p.periode = c.periode
WHERE p.membre = $membre
ORDER BY p.article_id, p.periode
