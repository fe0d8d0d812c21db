-- Every retained line with its fournisseur, its article and its quantity in reference unit.
-- Grain: one retained line of a published dépôt. `motif_hors_prix` holds here what the line says by itself; what depends on the others comes
-- after (`motifs.sql`). A packaging that the usual price of the article shows to be another is replaced (`reprise.contenus_revises`).
-- One that is not known, or a unit that does not convert, leaves the quantity absent; nothing is guessed here.
CREATE TABLE lignes AS
WITH revues AS (
    SELECT
        l.*,
        CASE WHEN r.libelle IS NULL THEN l.contenu_quantite ELSE r.contenu_quantite END AS quantite_revue,
        CASE WHEN r.libelle IS NULL THEN l.contenu_unite ELSE r.contenu_unite END AS unite_revue,
        CASE WHEN r.libelle IS NULL THEN l.contenu_derivation ELSE r.contenu_derivation END AS derivation,
        CASE WHEN r.libelle IS NULL THEN l.contenu_approx ELSE r.contenu_approx END AS approx_revu,
        CASE WHEN r.libelle IS NULL THEN l.contenu_motif ELSE r.contenu_motif END AS motif_revu
    FROM lignes_recues AS l
    LEFT JOIN reprise.contenus_revises AS r
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
),

situees AS (
    SELECT
        l.*,
        f.fournisseur_id,
        CASE WHEN l.nature <> 'mandat' THEN a.article_id END AS article_id,
        CASE WHEN l.nature <> 'mandat' THEN a.article END AS article,
        CASE WHEN l.nature <> 'mandat' THEN a.cle_libelle END AS cle_libelle,
        CASE WHEN l.nature <> 'mandat' THEN a.article_bande END AS article_bande,
        CASE WHEN l.nature <> 'mandat' THEN a.article_motif END AS article_motif,
        coalesce(a.est_frais, FALSE) AS est_frais,
        c.unite_reference,
        cast(l.quantite * l.quantite_revue * c.facteur AS DECIMAL(24, 6)) AS quantite_reference
    FROM revues AS l
    LEFT JOIN reprise.fournisseurs_de_nom AS f
        ON
            coalesce(l.fournisseur, '') = f.fournisseur
            AND coalesce(l.fournisseur_siret, '') = f.fournisseur_siret
    LEFT JOIN reprise.articles_de_libelle AS a
        ON
            coalesce(l.libelle, '') = a.libelle
            AND coalesce(l.famille, '') = a.famille
    LEFT JOIN conversions AS c
        ON l.famille = c.famille AND l.unite_revue = c.contenu_unite
)

SELECT
    depot,
    origine,
    ligne,
    membre,
    date,
    nature,
    fournisseur,
    fournisseur_id,
    libelle,
    reference,
    quantite,
    unite,
    prix_unitaire_ht,
    montant_ht,
    montant_ttc,
    taux_tva,
    compte,
    code_cpv,
    famille,
    famille_confiance,
    famille_motif,
    article_id,
    article,
    cle_libelle,
    article_bande,
    article_motif,
    quantite_reference,
    unite_reference,
    CASE
        WHEN (quantite_reference > 0 AND montant_ht > 0) OR (quantite_reference < 0 AND montant_ht < 0)
            THEN cast(montant_ht / quantite_reference AS DECIMAL(24, 8))
    END AS prix_unitaire_reference_ht,
    derivation,
    motif_revu AS contenu_motif,
    empreinte,
    coalesce(approx_revu, FALSE) AS approx,
    CASE
        WHEN nature = 'mandat' THEN 'mandat'
        WHEN est_frais THEN 'frais_annexes'
        WHEN article_id IS NULL THEN 'sans_article'
        WHEN montant_ht IS NULL THEN 'sans_montant_ht'
        WHEN quantite IS NULL THEN 'sans_quantite'
        WHEN quantite_revue IS NULL THEN 'conditionnement_a_preciser'
    END AS motif_hors_prix
FROM situees
