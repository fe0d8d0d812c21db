-- The purchases that are surely the same thing, on which articles are decided.
-- Grain: membre × label × famille × unit × reference × GTIN × fournisseur as read: what one membre sent again is counted again alone.
CREATE TABLE reprise.identites AS
SELECT
    membre,
    coalesce(libelle, '') AS libelle,
    coalesce(famille, '') AS famille,
    coalesce(unite, '') AS unite,
    coalesce(reference, '') AS reference,
    coalesce(gtin, '') AS gtin,
    coalesce(fournisseur, '') AS fournisseur,
    coalesce(fournisseur_siret, '') AS fournisseur_siret,
    min(attributs) AS attributs,
    min(contenu_unite) AS contenu_unite,
    count(*) AS nb_lignes,
    cast(sum(montant_ht) AS DECIMAL(24, 2)) AS montant_ht,
    min(date) AS premiere_date
FROM lignes_recues
WHERE nature <> 'mandat'
GROUP BY
    membre,
    coalesce(libelle, ''),
    coalesce(famille, ''),
    coalesce(unite, ''),
    coalesce(reference, ''),
    coalesce(gtin, ''),
    coalesce(fournisseur, ''),
    coalesce(fournisseur_siret, '')
