-- The retained lines in the famille that people decided (`lignes_classees`), with the packaging that they decided instead of the one read.
-- Grain: one retained line of a published dépôt. Temporary view.
CREATE TEMPORARY VIEW lignes_recues AS
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
FROM lignes_classees AS c
LEFT JOIN contenus_decides AS d
    ON
        coalesce(c.libelle, '') = d.libelle
        AND coalesce(c.unite, '') = d.unite
        AND coalesce(c.famille, '') = d.famille
