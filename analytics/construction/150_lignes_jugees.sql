-- Every retained line, with the reason why it makes no price (null when it makes one), the other lines of its article known.
-- Grain: one retained line.
CREATE OR REPLACE VIEW reprise.lignes_jugees AS
SELECT
    l.*,
    CASE
        WHEN (l.quantite_reference > 0 AND l.montant_ht > 0) OR (l.quantite_reference < 0 AND l.montant_ht < 0)
            THEN cast(l.montant_ht / l.quantite_reference AS DECIMAL(24, 8))
    END AS prix_unitaire_reference_ht,
    CASE
        WHEN l.motif_propre IS NOT NULL THEN l.motif_propre
        WHEN l.quantite_reference IS NULL OR l.unite_reference <> u.unite_reference THEN 'unite_incompatible'
        WHEN l.quantite_reference = 0 OR l.montant_ht = 0 THEN 'montant_ou_quantite_nuls'
        WHEN (l.quantite_reference > 0) <> (l.montant_ht > 0) THEN 'signes_opposes'
        WHEN l.decision_prix = 'exclure' THEN 'exclue_par_decision'
        WHEN l.decision_prix = 'inclure' THEN NULL
        WHEN l.approx THEN 'conversion_approchee'
        WHEN abs(ln(cast(l.montant_ht AS DOUBLE) / cast(l.quantite_reference AS DOUBLE)) - r.centre) > r.seuil THEN 'prix_aberrant'
    END AS motif_hors_prix
FROM reprise.lignes_situees AS l
LEFT JOIN reprise.unites_articles AS u
    ON l.article_id = u.article_id
LEFT JOIN reprise.reperes_articles AS r
    ON l.article_id = r.article_id
