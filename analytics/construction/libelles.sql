-- The purchases that are surely the same thing, all membres together.
-- Grain: label × famille × unit × reference × GTIN × fournisseur as read.
SELECT
    libelle,
    famille,
    unite,
    reference,
    gtin,
    fournisseur,
    fournisseur_siret,
    min(attributs) AS attributs,
    min(contenu_unite) AS contenu_unite,
    cast(sum(nb_lignes) AS BIGINT) AS nb_lignes,
    cast(sum(montant_ht) AS DOUBLE) AS montant_ht,
    min(premiere_date) AS premiere_date
FROM reprise.identites
GROUP BY libelle, famille, unite, reference, gtin, fournisseur, fournisseur_siret
ORDER BY libelle, famille, unite, reference, gtin, fournisseur, fournisseur_siret
