-- The purchases that are surely the same thing, all membres together.
-- Grain: label × famille × unit × reference × GTIN × fournisseur as read. Price: median of those of the membres.
SELECT
    coalesce(c.libelle, '') AS libelle,
    coalesce(c.famille, '') AS famille,
    coalesce(c.unite, '') AS unite,
    coalesce(c.reference, '') AS reference,
    coalesce(c.gtin, '') AS gtin,
    coalesce(c.fournisseur, '') AS fournisseur,
    coalesce(c.fournisseur_siret, '') AS fournisseur_siret,
    min(c.attributs) AS attributs,
    min(c.contenu_unite) AS contenu_unite,
    min(c.contenu_quantite) AS contenu_quantite,
    min(c.contenu_confiance) AS contenu_confiance,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY cast(a.prix_median AS DOUBLE)) AS prix_unitaire_ht,
    cast(sum(a.nb_lignes) AS BIGINT) AS nb_lignes,
    cast(sum(a.montant_ht) AS DOUBLE) AS montant_ht,
    min(a.premiere_date) AS premiere_date
FROM reprise.achats_combinaisons AS a
INNER JOIN combinaisons_corrigees AS c
    ON a.combinaison = c.combinaison
WHERE NOT c.est_mandat
GROUP BY
    coalesce(c.libelle, ''),
    coalesce(c.famille, ''),
    coalesce(c.unite, ''),
    coalesce(c.reference, ''),
    coalesce(c.gtin, ''),
    coalesce(c.fournisseur, ''),
    coalesce(c.fournisseur_siret, '')
ORDER BY libelle, famille, unite, reference, gtin, fournisseur, fournisseur_siret
