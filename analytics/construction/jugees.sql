-- The reason why a line, its unit and people's decisions known, makes no price (null when nothing forbids it).
-- Grain: one retained line. Temporary view, over the lines to be judged.
CREATE TEMPORARY VIEW lignes_jugees AS
SELECT
    l.rang,
    l.article_id,
    l.membre,
    l.montant_ht,
    l.quantite_reference,
    l.motif_hors_prix,
    d.sens AS decision_prix,
    CASE
        WHEN
            l.motif_hors_prix IN ('mandat', 'frais_annexes', 'sans_article', 'sans_montant_ht', 'sans_quantite', 'conditionnement_a_preciser')
            THEN l.motif_hors_prix
        WHEN l.quantite_reference IS NULL OR l.unite_reference <> u.unite_reference THEN 'unite_incompatible'
        WHEN l.quantite_reference = 0 OR l.montant_ht = 0 THEN 'montant_ou_quantite_nuls'
        WHEN (l.quantite_reference > 0) <> (l.montant_ht > 0) THEN 'signes_opposes'
        WHEN d.sens = 'exclure' THEN 'exclue_par_decision'
        WHEN l.approx AND coalesce(d.sens, '') <> 'inclure' THEN 'conversion_approchee'
    END AS motif_propre
FROM lignes_a_juger AS l
LEFT JOIN reprise.unites_articles AS u
    ON l.article_id = u.article_id
LEFT JOIN decisions_prix_lignes AS d
    ON l.empreinte = d.empreinte
