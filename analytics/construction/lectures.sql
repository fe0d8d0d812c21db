-- How packagings were read and at what price things were bought: what `affiner_contenus` looks at.
-- Grain: same purchase × reading; lines whose packaging is not sure are kept price by price, the others by their median price.
SELECT
    a.article_id,
    a.libelle,
    a.unite,
    a.famille,
    a.reference,
    a.gtin,
    a.fournisseur,
    a.fournisseur_siret,
    CASE WHEN l.contenu_confiance < $sur THEN l.prix_unitaire_ht END AS prix_de_la_ligne,
    cast(percentile_cont(0.5) WITHIN GROUP (ORDER BY cast(l.prix_unitaire_ht AS DOUBLE)) AS DECIMAL(18, 6)) AS prix_unitaire_ht,
    l.contenu_quantite,
    l.contenu_unite,
    l.contenu_derivation,
    l.contenu_approx,
    l.contenu_confiance,
    l.contenu_motif
FROM lignes_recues AS l
INNER JOIN articles_de_libelle AS a
    ON
        coalesce(l.libelle, '') = a.libelle
        AND coalesce(l.famille, '') = a.famille
        AND coalesce(l.unite, '') = a.unite
        AND coalesce(l.reference, '') = a.reference
        AND coalesce(l.gtin, '') = a.gtin
        AND coalesce(l.fournisseur, '') = a.fournisseur
        AND coalesce(l.fournisseur_siret, '') = a.fournisseur_siret
WHERE l.prix_unitaire_ht > 0 AND l.nature <> 'mandat' AND a.article_id IS NOT NULL
GROUP BY
    a.article_id,
    a.libelle,
    a.unite,
    a.famille,
    a.reference,
    a.gtin,
    a.fournisseur,
    a.fournisseur_siret,
    CASE WHEN l.contenu_confiance < $sur THEN l.prix_unitaire_ht END,
    l.contenu_quantite,
    l.contenu_unite,
    l.contenu_derivation,
    l.contenu_approx,
    l.contenu_confiance,
    l.contenu_motif
ORDER BY a.article_id, a.libelle, a.unite, a.famille, a.reference, a.gtin, a.fournisseur, a.fournisseur_siret, prix_de_la_ligne
