-- Each retained line with its fournisseur, its article and its quantity in reference unit.
-- Grain: one retained line of a published dépôt. Temporary: `lignes` adds what depends on the other lines.
-- A packaging or a conversion that is not known leaves the quantity absent; nothing is guessed here.
CREATE TEMPORARY TABLE lignes_situees AS
SELECT
    l.*,
    f.fournisseur_id,
    a.article_id,
    a.cle_libelle,
    a.article_bande,
    a.article_motif,
    c.unite_reference,
    cast(l.quantite * l.contenu_quantite * c.facteur AS DECIMAL(24, 6)) AS quantite_reference,
    coalesce(l.contenu_approx, FALSE) AS approx,
    d.sens AS decision_prix
FROM lignes_recues AS l
LEFT JOIN fournisseurs_de_nom AS f
    ON
        coalesce(l.fournisseur, '') = f.fournisseur
        AND coalesce(l.fournisseur_siret, '') = f.fournisseur_siret
LEFT JOIN articles_de_libelle AS a
    ON
        coalesce(l.libelle, '') = a.libelle
        AND coalesce(l.famille, '') = a.famille
        AND coalesce(l.unite, '') = a.unite
        AND coalesce(l.reference, '') = a.reference
        AND coalesce(l.gtin, '') = a.gtin
        AND coalesce(l.fournisseur, '') = a.fournisseur
        AND coalesce(l.fournisseur_siret, '') = a.fournisseur_siret
LEFT JOIN conversions AS c
    ON l.famille = c.famille AND l.contenu_unite = c.contenu_unite
LEFT JOIN decisions_prix_lignes AS d
    ON l.empreinte = d.empreinte
