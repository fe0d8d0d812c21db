-- Every retained line with its fournisseur, its article and its quantity in reference unit.
-- Grain: one retained line. `motif_propre` is what the line says by itself against making a price. A packaging that the usual price of the
-- article shows to be another is replaced (`reprise.contenus_revises`). One that is not known, or a unit that does not convert, leaves the
-- quantity absent; nothing is guessed here.
CREATE OR REPLACE VIEW reprise.lignes_situees AS
WITH revues AS (
    SELECT
        l.depot,
        l.origine,
        l.ligne,
        l.membre,
        l.date,
        l.nature,
        l.quantite,
        l.prix_unitaire_ht,
        l.montant_ht,
        l.montant_ttc,
        l.taux_tva,
        l.code_cpv,
        l.empreinte,
        l.decision_prix,
        l.combinaison,
        p.achat,
        p.fournisseur,
        p.fournisseur_id,
        p.libelle,
        p.reference,
        p.unite,
        p.compte,
        p.famille,
        p.famille_confiance,
        p.famille_motif,
        p.article_id,
        p.article_ou_rien,
        p.article,
        p.cle_libelle,
        p.article_bande,
        p.article_motif,
        p.motif,
        CASE WHEN r.combinaison IS NULL THEN p.sujet ELSE r.sujet END AS sujet,
        CASE WHEN r.combinaison IS NULL THEN p.facteur_court END AS facteur_court,
        CASE WHEN r.combinaison IS NULL THEN p.contenu_quantite ELSE r.contenu_quantite END AS contenu,
        CASE WHEN r.combinaison IS NULL THEN p.contenu_derivation ELSE r.contenu_derivation END AS derivation,
        CASE WHEN r.combinaison IS NULL THEN p.contenu_motif ELSE r.contenu_motif END AS contenu_motif,
        coalesce(CASE WHEN r.combinaison IS NULL THEN p.contenu_approx ELSE r.contenu_approx END, FALSE) AS approx,
        CASE WHEN r.combinaison IS NULL THEN p.unite_reference ELSE r.unite_reference END AS unite_reference,
        CASE WHEN r.combinaison IS NULL THEN p.facteur ELSE r.facteur END AS facteur
    FROM reprise.lignes_en_vigueur AS l
    INNER JOIN reprise.placements AS p
        ON l.combinaison = p.combinaison
    LEFT JOIN reprise.contenus_revises AS r
        ON l.combinaison = r.combinaison AND l.prix_unitaire_ht = r.prix
)

SELECT
    r.*,
    CASE
        WHEN r.facteur_court IS NOT NULL THEN cast(r.quantite * r.facteur_court AS DECIMAL(24, 6))
        ELSE cast(r.quantite * r.contenu * r.facteur AS DECIMAL(24, 6))
    END AS quantite_reference,
    CASE
        WHEN r.motif IS NOT NULL THEN r.motif
        WHEN r.montant_ht IS NULL THEN 'sans_montant_ht'
        WHEN r.quantite IS NULL THEN 'sans_quantite'
        WHEN r.contenu IS NULL THEN 'conditionnement_a_preciser'
    END AS motif_propre
FROM revues AS r
