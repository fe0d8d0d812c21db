-- How the prices of the membres are spread, excluded ones left out.
-- Grain: article × periode. Quantiles are between membres, by linear interpolation (type 7 of Hyndman and Fan, 1996, the default of percentile_cont).
-- `moyenne_ponderee` is the mean of all lines weighted by their quantity: total amount over total quantity.
CREATE TABLE distributions AS
WITH retenus AS (
    SELECT
        article_id,
        periode,
        membre
    FROM prix_repris
    WHERE NOT exclu
),

vendeurs AS (
    SELECT
        a.article_id,
        r.periode,
        a.fournisseur_id
    FROM achats_exacts AS a
    INNER JOIN retenus AS r
        ON a.article_id = r.article_id AND a.membre = r.membre AND a.annee = r.periode
    WHERE a.nb_lignes_prix > 0
    UNION
    SELECT
        a.article_id,
        r.periode,
        a.fournisseur_id
    FROM achats_exacts AS a
    INNER JOIN retenus AS r
        ON a.article_id = r.article_id AND a.membre = r.membre AND r.periode = 'ensemble'
    WHERE a.nb_lignes_prix > 0
),

fournisseurs_distincts AS (
    SELECT
        article_id,
        periode,
        count(fournisseur_id) AS nb_fournisseurs
    FROM vendeurs
    GROUP BY article_id, periode
)

SELECT
    p.article_id,
    p.periode,
    count(*) AS nb_membres,
    cast(sum(p.nb_lignes) AS BIGINT) AS nb_lignes,
    coalesce(f.nb_fournisseurs, 0) AS nb_fournisseurs,
    cast(sum(p.quantite_reference) AS DECIMAL(28, 6)) AS quantite_reference,
    cast(sum(p.montant_ht) AS DECIMAL(24, 2)) AS montant_ht,
    min(p.prix_unitaire_ht) AS minimum,
    percentile_cont(0.1) WITHIN GROUP (ORDER BY p.prix_unitaire_ht) AS p10,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY p.prix_unitaire_ht) AS q1,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY p.prix_unitaire_ht) AS mediane,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY p.prix_unitaire_ht) AS q3,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY p.prix_unitaire_ht) AS p90,
    max(p.prix_unitaire_ht) AS maximum,
    sum(p.montant_ht) / sum(p.quantite_reference) AS moyenne_ponderee
FROM prix_repris AS p
LEFT JOIN fournisseurs_distincts AS f
    ON p.article_id = f.article_id AND p.periode = f.periode
WHERE NOT p.exclu
GROUP BY p.article_id, p.periode, f.nb_fournisseurs
ORDER BY p.article_id, p.periode
