-- What lines say in words, in the famille that people decided, with the packaging that they decided instead of the one read.
-- Grain: combination. Temporary table.
CREATE TEMPORARY TABLE combinaisons_corrigees AS
SELECT
    c.combinaison,
    c.est_mandat,
    c.libelle,
    c.reference,
    c.gtin,
    c.fournisseur,
    c.fournisseur_siret,
    c.unite,
    c.compte,
    c.famille,
    c.famille_confiance,
    c.famille_motif,
    CASE WHEN d.libelle IS NULL THEN c.contenu_quantite ELSE d.contenu_quantite END AS contenu_quantite,
    CASE WHEN d.libelle IS NULL THEN c.contenu_unite ELSE d.contenu_unite END AS contenu_unite,
    CASE WHEN d.libelle IS NULL THEN c.contenu_derivation ELSE d.contenu_derivation END AS contenu_derivation,
    CASE WHEN d.libelle IS NULL THEN c.contenu_approx ELSE d.contenu_approx END AS contenu_approx,
    CASE WHEN d.libelle IS NULL THEN c.contenu_confiance ELSE d.contenu_confiance END AS contenu_confiance,
    CASE WHEN d.libelle IS NULL THEN c.contenu_motif ELSE d.contenu_motif END AS contenu_motif,
    coalesce(d.attributs, c.attributs) AS attributs
FROM combinaisons_classees AS c
LEFT JOIN contenus_decides AS d
    ON
        coalesce(c.libelle, '') = d.libelle
        AND coalesce(c.unite, '') = d.unite
        AND coalesce(c.famille, '') = d.famille
