-- How packagings were read and at what price things were bought: what `affiner_contenus` looks at.
-- Grain: membre × same purchase × reading; lines whose packaging is not sure are kept price by price, the others by their median price.
CREATE TABLE reprise.lectures AS
SELECT
    membre,
    coalesce(libelle, '') AS libelle,
    coalesce(unite, '') AS unite,
    coalesce(famille, '') AS famille,
    coalesce(reference, '') AS reference,
    coalesce(gtin, '') AS gtin,
    coalesce(fournisseur, '') AS fournisseur,
    coalesce(fournisseur_siret, '') AS fournisseur_siret,
    CASE WHEN contenu_confiance < 0.999 THEN prix_unitaire_ht END AS prix_de_la_ligne,
    cast(percentile_cont(0.5) WITHIN GROUP (ORDER BY cast(prix_unitaire_ht AS DOUBLE)) AS DECIMAL(18, 6)) AS prix_unitaire_ht,
    contenu_quantite,
    contenu_unite,
    contenu_derivation,
    contenu_approx,
    contenu_confiance,
    contenu_motif
FROM lignes_recues
WHERE prix_unitaire_ht > 0 AND nature <> 'mandat'
GROUP BY
    membre,
    coalesce(libelle, ''),
    coalesce(unite, ''),
    coalesce(famille, ''),
    coalesce(reference, ''),
    coalesce(gtin, ''),
    coalesce(fournisseur, ''),
    coalesce(fournisseur_siret, ''),
    CASE WHEN contenu_confiance < 0.999 THEN prix_unitaire_ht END,
    contenu_quantite,
    contenu_unite,
    contenu_derivation,
    contenu_approx,
    contenu_confiance,
    contenu_motif
