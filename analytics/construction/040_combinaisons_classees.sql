-- What lines say in words (`reprise.combinaisons`), in the famille that people decided: of the line, else of its label, else of a rule; where
-- that famille is no longer in force, in the one that took it over. `est_changee` when it is not the one proposed.
-- Grain: combination. Temporary view.
CREATE TEMPORARY VIEW combinaisons_classees AS
WITH dites AS (
    SELECT
        c.*,
        coalesce(c.famille_de_ligne, f.famille, r.famille_dite) AS famille_dite,
        CASE
            WHEN coalesce(c.famille_de_ligne, f.famille) IS NOT NULL THEN 'décidée par une personne'
            WHEN r.famille_dite IS NOT NULL THEN 'règle du club : ' || r.regle
        END AS dite_motif
    FROM reprise.combinaisons AS c
    LEFT JOIN familles_de_libelles AS f
        ON coalesce(c.libelle, '') = f.libelle
    LEFT JOIN familles_de_regles AS r
        ON
            coalesce(c.libelle, '') = r.libelle
            AND coalesce(c.fournisseur, '') = r.fournisseur
            AND coalesce(c.compte, '') = r.compte
            AND coalesce(c.famille, '') = r.famille
)

SELECT
    d.combinaison,
    d.est_mandat,
    d.libelle,
    d.reference,
    d.gtin,
    d.fournisseur,
    d.fournisseur_siret,
    d.unite,
    d.compte,
    d.contenu_quantite,
    d.contenu_unite,
    d.contenu_derivation,
    d.contenu_approx,
    d.contenu_confiance,
    d.contenu_motif,
    d.attributs,
    coalesce(n.vers, d.famille_dite, d.famille) AS famille,
    CASE WHEN d.famille_dite IS NOT NULL THEN 1.0 ELSE d.famille_confiance END AS famille_confiance,
    CASE
        WHEN n.vers IS NOT NULL THEN coalesce(coalesce(d.dite_motif, d.famille_motif) || ' ; ', '') || n.motif
        ELSE coalesce(d.dite_motif, d.famille_motif)
    END AS famille_motif,
    coalesce(n.vers, d.famille_dite) IS NOT NULL AS est_changee
FROM dites AS d
LEFT JOIN familles_remplacees AS n
    ON coalesce(d.famille_dite, d.famille) = n.famille
