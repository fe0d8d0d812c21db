-- Each retained line with its fournisseur, its article and its quantity in reference unit.
-- Grain: one retained line of a published dépôt. Temporary: `lignes` adds what depends on the other lines.
-- A packaging that the usual price of the article shows to be another is replaced (`contenus_revises`).
-- One that is not known, or a unit that does not convert, leaves the quantity absent; nothing is guessed here.
CREATE TEMPORARY TABLE lignes_situees AS
WITH revues AS (
    SELECT
        l.*,
        r.libelle IS NOT NULL AS est_revue,
        CASE WHEN r.libelle IS NULL THEN l.contenu_quantite ELSE r.contenu_quantite END AS contenu_quantite_revu,
        CASE WHEN r.libelle IS NULL THEN l.contenu_unite ELSE r.contenu_unite END AS contenu_unite_revu,
        CASE WHEN r.libelle IS NULL THEN l.contenu_derivation ELSE r.contenu_derivation END AS derivation,
        CASE WHEN r.libelle IS NULL THEN l.contenu_approx ELSE r.contenu_approx END AS approx_revu,
        CASE WHEN r.libelle IS NULL THEN l.contenu_motif ELSE r.contenu_motif END AS motif_contenu
    FROM lignes_recues AS l
    LEFT JOIN contenus_revises AS r
        ON
            l.prix_unitaire_ht = r.prix_de_la_ligne
            AND l.contenu_confiance < 0.999
            AND coalesce(l.libelle, '') = r.libelle
            AND coalesce(l.famille, '') = r.famille
            AND coalesce(l.unite, '') = r.unite
            AND coalesce(l.reference, '') = r.reference
            AND coalesce(l.gtin, '') = r.gtin
            AND coalesce(l.fournisseur, '') = r.fournisseur
            AND coalesce(l.fournisseur_siret, '') = r.fournisseur_siret
)

SELECT
    l.*,
    f.fournisseur_id,
    a.article_id,
    a.cle_libelle,
    a.article_bande,
    a.article_motif,
    c.unite_reference,
    cast(l.quantite * l.contenu_quantite_revu * c.facteur AS DECIMAL(24, 6)) AS quantite_reference,
    coalesce(l.approx_revu, FALSE) AS approx,
    d.sens AS decision_prix
FROM revues AS l
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
    ON l.famille = c.famille AND l.contenu_unite_revu = c.contenu_unite
LEFT JOIN decisions_prix_lignes AS d
    ON l.empreinte = d.empreinte
