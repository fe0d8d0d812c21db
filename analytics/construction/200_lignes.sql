-- Every retained line, with the reason why it makes no price, or none when it does.
-- Grain: one retained line of a published dépôt, in the order of dépôts: pages read the lines of one membre, which are then together.
-- A line is aberrant when its price is far from the mark of its article both in MADs and in ratio; a decision can keep it.
CREATE TABLE lignes AS
SELECT
    s.depot,
    s.origine,
    s.ligne,
    s.membre,
    s.date,
    s.nature,
    s.fournisseur,
    s.fournisseur_id,
    s.libelle,
    s.reference,
    s.quantite,
    s.unite,
    s.prix_unitaire_ht,
    s.montant_ht,
    s.montant_ttc,
    s.taux_tva,
    s.compte,
    s.code_cpv,
    s.famille,
    s.famille_confiance,
    s.famille_motif,
    s.article_id,
    n.article,
    s.cle_libelle,
    s.article_bande,
    s.article_motif,
    s.quantite_reference,
    s.unite_reference,
    CASE
        WHEN (s.quantite_reference > 0 AND s.montant_ht > 0) OR (s.quantite_reference < 0 AND s.montant_ht < 0)
            THEN cast(s.montant_ht / s.quantite_reference AS DECIMAL(24, 8))
    END AS prix_unitaire_reference_ht,
    s.derivation,
    s.motif_contenu AS contenu_motif,
    s.empreinte,
    s.approx,
    CASE
        WHEN s.motif_propre IS NOT NULL THEN s.motif_propre
        WHEN s.decision_prix = 'inclure' THEN NULL
        WHEN
            r.nb_membres >= g.aberrants_nb_membres
            AND abs(ln(cast(s.montant_ht AS DOUBLE) / cast(s.quantite_reference AS DOUBLE)) - r.centre)
            > greatest(g.aberrants_ecarts * 1.4826 * r.ecart_median, ln(g.aberrants_rapport_ligne))
            THEN 'prix_aberrant'
    END AS motif_hors_prix
FROM lignes_jugees AS s
CROSS JOIN regles AS g
LEFT JOIN noms_articles AS n
    ON s.article_id = n.article_id
LEFT JOIN reperes_articles AS r
    ON s.article_id = r.article_id
