-- The judged lines whose reason not to make a price is not the one written, with the new one.
-- Grain: one line. A line is aberrant when its price is far from the mark of its article both in MADs and in ratio; a decision can keep it.
CREATE TEMPORARY TABLE motifs AS
WITH motives AS (
    SELECT
        s.rang,
        s.article_id,
        s.membre,
        s.motif_hors_prix,
        CASE
            WHEN s.motif_propre IS NOT NULL THEN s.motif_propre
            WHEN s.decision_prix = 'inclure' THEN NULL
            WHEN
                r.nb_membres >= g.aberrants_nb_membres
                AND abs(ln(cast(s.montant_ht AS DOUBLE) / cast(s.quantite_reference AS DOUBLE)) - r.centre)
                > greatest(g.aberrants_ecarts * 1.4826 * r.ecart_median, ln(g.aberrants_rapport_ligne))
                THEN 'prix_aberrant'
        END AS motif
    FROM lignes_jugees AS s
    CROSS JOIN regles AS g
    LEFT JOIN reprise.reperes_articles AS r
        ON s.article_id = r.article_id
)

SELECT
    rang,
    article_id,
    membre,
    motif
FROM motives
WHERE motif IS DISTINCT FROM motif_hors_prix
