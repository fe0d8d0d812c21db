-- The retained lines as received (`lignes_lues`), in the famille that people decided: of the line, else of its label, else of a rule; where
-- that famille is no longer in force, in the one that took it over. `est_changee` when it is not the one proposed.
-- Grain: one retained line of a published dépôt. Temporary view.
CREATE TEMPORARY VIEW lignes_classees AS
WITH dites AS (
    SELECT
        l.*,
        coalesce(e.famille, f.famille, r.famille_dite) AS famille_dite,
        CASE
            WHEN coalesce(e.famille, f.famille) IS NOT NULL THEN 'décidée par une personne'
            WHEN r.famille_dite IS NOT NULL THEN 'règle du club : ' || r.regle
        END AS dite_motif
    FROM lignes_lues AS l
    LEFT JOIN familles_de_lignes AS e
        ON l.empreinte = e.empreinte
    LEFT JOIN familles_de_libelles AS f
        ON coalesce(l.libelle, '') = f.libelle
    LEFT JOIN familles_de_regles AS r
        ON
            coalesce(l.libelle, '') = r.libelle
            AND coalesce(l.fournisseur, '') = r.fournisseur
            AND coalesce(l.compte, '') = r.compte
            AND coalesce(l.famille, '') = r.famille
)

SELECT
    d.depot,
    d.origine,
    d.ligne,
    d.nature,
    d.membre,
    d.date,
    d.fournisseur,
    d.fournisseur_siret,
    d.libelle,
    d.reference,
    d.gtin,
    d.quantite,
    d.unite,
    d.prix_unitaire_ht,
    d.montant_ht,
    d.montant_ttc,
    d.taux_tva,
    d.compte,
    d.code_cpv,
    d.contenu_quantite,
    d.contenu_unite,
    d.contenu_derivation,
    d.contenu_approx,
    d.contenu_confiance,
    d.contenu_motif,
    d.attributs,
    d.empreinte,
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
