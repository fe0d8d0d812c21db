-- What every membre bought of each article, from whom, year by year, unit by unit: the one pass over lines that prices need.
-- Grain: article × famille × membre × fournisseur × civil year (null = no date) × reference unit (null = no quantity).
-- `quantite`, `montant_ht`, `nb_achats` add the `nb_candidates` lines that nothing forbids but their unit or their distance to the others,
-- both judged later; `rapport_min` and `rapport_max` are the extremes of their prices, those that a person wants kept left out.
CREATE TABLE reprise.achats_annuels AS
WITH jugees AS (
    SELECT
        sujet,
        membre,
        nature,
        quantite_reference,
        decision_prix,
        extract(YEAR FROM date) AS annee,
        approx AND coalesce(decision_prix, '') <> 'inclure' AS est_approchee,
        CASE
            WHEN
                motif_propre IS NULL
                AND ((quantite_reference > 0 AND montant_ht > 0) OR (quantite_reference < 0 AND montant_ht < 0))
                AND coalesce(decision_prix, '') <> 'exclure'
                THEN montant_ht
        END AS montant_ht
    FROM lignes_annuelles
    WHERE article_id IS NOT NULL
),

exactes AS (
    SELECT
        sujet,
        membre,
        annee,
        nature,
        quantite_reference,
        decision_prix,
        montant_ht IS NOT NULL AND est_approchee AS est_approchee,
        CASE WHEN NOT est_approchee THEN montant_ht END AS montant_ht,
        CASE WHEN NOT est_approchee AND montant_ht IS NOT NULL THEN quantite_reference END AS quantite
    FROM jugees
),

sommes AS (
    SELECT
        sujet,
        membre,
        annee,
        count(*) AS nb_lignes,
        count(quantite_reference) AS nb_resolues,
        count(montant_ht) AS nb_candidates,
        count(CASE WHEN montant_ht IS NOT NULL AND nature = 'achat' THEN 1 END) AS nb_achats,
        count(CASE WHEN est_approchee THEN 1 END) AS nb_approx,
        sum(quantite) AS quantite,
        sum(montant_ht) AS montant_ht,
        min(CASE WHEN decision_prix IS NULL THEN cast(montant_ht AS DOUBLE) / cast(quantite AS DOUBLE) END) AS rapport_min,
        max(CASE WHEN decision_prix IS NULL THEN cast(montant_ht AS DOUBLE) / cast(quantite AS DOUBLE) END) AS rapport_max
    FROM exactes
    GROUP BY sujet, membre, annee
)

SELECT
    j.article_id,
    j.famille,
    s.membre,
    j.fournisseur_id,
    cast(s.annee AS VARCHAR) AS annee,
    j.unite_reference,
    s.nb_lignes,
    s.nb_resolues,
    s.nb_candidates,
    s.nb_achats,
    s.nb_approx,
    cast(s.quantite AS DECIMAL(28, 6)) AS quantite,
    cast(s.montant_ht AS DECIMAL(24, 2)) AS montant_ht,
    s.rapport_min,
    s.rapport_max
FROM sommes AS s
INNER JOIN reprise.sujets AS j
    ON s.sujet = j.sujet
