-- The retained lines as received (`lignes_lues`), with the famille and the packaging that people decided instead.
-- Grain: one retained line of a published dépôt. Temporary view.
CREATE TEMPORARY VIEW lignes_recues AS
WITH classees AS (
    SELECT
        l.depot,
        l.origine,
        l.ligne,
        l.nature,
        l.membre,
        l.date,
        l.fournisseur,
        l.fournisseur_siret,
        l.libelle,
        l.reference,
        l.gtin,
        l.quantite,
        l.unite,
        l.prix_unitaire_ht,
        l.montant_ht,
        l.montant_ttc,
        l.taux_tva,
        l.compte,
        l.code_cpv,
        coalesce(e.famille, f.famille, l.famille) AS famille,
        CASE WHEN coalesce(e.famille, f.famille) IS NOT NULL THEN 1.0 ELSE l.famille_confiance END AS famille_confiance,
        CASE WHEN coalesce(e.famille, f.famille) IS NOT NULL THEN 'décidée par une personne' ELSE l.famille_motif END AS famille_motif,
        l.contenu_quantite,
        l.contenu_unite,
        l.contenu_derivation,
        l.contenu_approx,
        l.contenu_confiance,
        l.contenu_motif,
        l.attributs,
        l.empreinte
    FROM lignes_lues AS l
    LEFT JOIN familles_de_lignes AS e
        ON l.empreinte = e.empreinte
    LEFT JOIN familles_de_libelles AS f
        ON coalesce(l.libelle, '') = f.libelle
)

SELECT
    c.depot,
    c.origine,
    c.ligne,
    c.nature,
    c.membre,
    c.date,
    c.fournisseur,
    c.fournisseur_siret,
    c.libelle,
    c.reference,
    c.gtin,
    c.quantite,
    c.unite,
    c.prix_unitaire_ht,
    c.montant_ht,
    c.montant_ttc,
    c.taux_tva,
    c.compte,
    c.code_cpv,
    c.famille,
    c.famille_confiance,
    c.famille_motif,
    CASE WHEN d.libelle IS NULL THEN c.contenu_quantite ELSE d.contenu_quantite END AS contenu_quantite,
    CASE WHEN d.libelle IS NULL THEN c.contenu_unite ELSE d.contenu_unite END AS contenu_unite,
    CASE WHEN d.libelle IS NULL THEN c.contenu_derivation ELSE d.contenu_derivation END AS contenu_derivation,
    CASE WHEN d.libelle IS NULL THEN c.contenu_approx ELSE d.contenu_approx END AS contenu_approx,
    CASE WHEN d.libelle IS NULL THEN c.contenu_confiance ELSE d.contenu_confiance END AS contenu_confiance,
    CASE WHEN d.libelle IS NULL THEN c.contenu_motif ELSE d.contenu_motif END AS contenu_motif,
    coalesce(d.attributs, c.attributs) AS attributs,
    c.empreinte
FROM classees AS c
LEFT JOIN contenus_decides AS d
    ON
        coalesce(c.libelle, '') = d.libelle
        AND coalesce(c.unite, '') = d.unite
        AND coalesce(c.famille, '') = d.famille
