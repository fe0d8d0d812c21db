-- The price each membre pays: one membre = one voice, its quantity-weighted mean price over the period, avoirs deducted.
-- Grain: article × periode (civil year, or 'ensemble' for everything received) × membre.
-- Excluded, and said: nothing but approximate conversions, a net quantity or amount that is not positive, a price far from the others
-- (MAD on the logarithm of prices, and a ratio), a decision.
CREATE TABLE prix_membres AS
WITH periodes AS (
    SELECT
        article_id,
        membre,
        annee AS periode,
        fournisseur_id,
        quantite_prix,
        montant_prix,
        nb_lignes_prix,
        nb_approx
    FROM achats_exacts
    WHERE annee IS NOT NULL
    UNION ALL
    SELECT
        article_id,
        membre,
        'ensemble' AS periode,
        fournisseur_id,
        quantite_prix,
        montant_prix,
        nb_lignes_prix,
        nb_approx
    FROM achats_exacts
),

par_fournisseur AS (
    SELECT
        article_id,
        periode,
        membre,
        sum(quantite_prix) AS quantite_prix,
        sum(montant_prix) AS montant_prix,
        sum(nb_lignes_prix) AS nb_lignes_prix,
        sum(nb_approx) AS nb_approx,
        fournisseur_id IS NOT NULL AND sum(nb_lignes_prix) > 0 AS est_nomme
    FROM periodes
    GROUP BY article_id, periode, membre, fournisseur_id
),

sommes AS (
    SELECT
        article_id,
        periode,
        membre,
        sum(montant_prix) IS NULL AS que_de_l_approche,
        cast(coalesce(sum(quantite_prix), 0) AS DECIMAL(28, 6)) AS quantite_reference,
        cast(coalesce(sum(montant_prix), 0) AS DECIMAL(24, 2)) AS montant_ht,
        cast(sum(nb_lignes_prix) AS BIGINT) AS nb_lignes,
        count(CASE WHEN est_nomme THEN 1 END) AS nb_fournisseurs,
        cast(sum(nb_approx) AS BIGINT) AS nb_approx
    FROM par_fournisseur
    GROUP BY article_id, periode, membre
),

prix AS (
    SELECT
        s.*,
        CASE WHEN s.quantite_reference > 0 AND s.montant_ht > 0 THEN s.montant_ht / s.quantite_reference END AS prix_unitaire_ht,
        d.sens AS decision
    FROM sommes AS s
    LEFT JOIN reprise.decisions_prix_membres AS d
        ON s.article_id = d.article_id AND s.periode = d.periode AND s.membre = d.membre
),

centres AS (
    SELECT
        article_id,
        periode,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY ln(prix_unitaire_ht)) AS centre,
        count(*) AS nb_membres
    FROM prix
    WHERE prix_unitaire_ht IS NOT NULL
    GROUP BY article_id, periode
),

ecarts AS (
    SELECT
        p.article_id,
        p.periode,
        c.centre,
        c.nb_membres,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(ln(p.prix_unitaire_ht) - c.centre)) AS ecart_median
    FROM prix AS p
    INNER JOIN centres AS c
        ON p.article_id = c.article_id AND p.periode = c.periode
    WHERE p.prix_unitaire_ht IS NOT NULL
    GROUP BY p.article_id, p.periode, c.centre, c.nb_membres
),

juges AS (
    SELECT
        p.*,
        CASE
            WHEN p.decision = 'exclure' THEN 'exclu_par_decision'
            WHEN p.que_de_l_approche THEN 'conversion_approchee'
            WHEN p.prix_unitaire_ht IS NULL THEN 'quantite_nette_nulle'
            WHEN p.decision = 'inclure' THEN NULL
            WHEN
                e.nb_membres >= g.aberrants_nb_membres
                AND abs(ln(p.prix_unitaire_ht) - e.centre) > greatest(g.aberrants_ecarts * 1.4826 * e.ecart_median, ln(g.aberrants_rapport_membre))
                THEN 'prix_aberrant'
        END AS motif_exclusion
    FROM prix AS p
    CROSS JOIN regles AS g
    LEFT JOIN ecarts AS e
        ON p.article_id = e.article_id AND p.periode = e.periode
)

SELECT
    article_id,
    periode,
    membre,
    quantite_reference,
    montant_ht,
    prix_unitaire_ht,
    nb_lignes,
    nb_fournisseurs,
    nb_approx,
    motif_exclusion IS NOT NULL AS exclu,
    motif_exclusion
FROM juges
ORDER BY article_id, periode, membre
