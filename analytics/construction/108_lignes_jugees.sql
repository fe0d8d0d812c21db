-- The reason why a line, taken alone, makes no price (null when nothing forbids it).
-- Grain: one retained line. Temporary view.
CREATE TEMPORARY VIEW lignes_jugees AS
SELECT
    s.*,
    CASE
        WHEN s.nature = 'mandat' THEN 'mandat'
        WHEN s.article_id IS NULL THEN 'sans_article'
        WHEN s.montant_ht IS NULL THEN 'sans_montant_ht'
        WHEN s.quantite IS NULL THEN 'sans_quantite'
        WHEN s.contenu_quantite_revu IS NULL THEN 'conditionnement_a_preciser'
        WHEN s.quantite_reference IS NULL OR s.unite_reference <> u.unite_reference THEN 'unite_incompatible'
        WHEN s.quantite_reference = 0 OR s.montant_ht = 0 THEN 'montant_ou_quantite_nuls'
        WHEN (s.quantite_reference > 0) <> (s.montant_ht > 0) THEN 'signes_opposes'
        WHEN s.decision_prix = 'exclure' THEN 'exclue_par_decision'
        WHEN s.approx AND coalesce(s.decision_prix, '') <> 'inclure' THEN 'conversion_approchee'
    END AS motif_propre
FROM lignes_situees AS s
LEFT JOIN unites_articles AS u
    ON s.article_id = u.article_id
