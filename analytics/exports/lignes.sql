-- Every retained line the reader may see, in the columns promised to those who export them.
-- Grain: one retained line; `ligne` is the number the person sees in the file received.
SELECT
    depot,
    origine,
    ligne,
    membre,
    date,
    nature,
    fournisseur,
    libelle,
    reference,
    quantite,
    unite,
    prix_unitaire_ht,
    montant_ht,
    montant_ttc,
    taux_tva,
    compte,
    code_cpv,
    famille,
    article,
    article_id,
    quantite_reference,
    unite_reference,
    prix_unitaire_reference_ht,
    derivation,
    approx,
    motif_hors_prix
FROM lignes
WHERE $tout OR list_contains($lisibles, membre)
ORDER BY depot, origine, ligne
