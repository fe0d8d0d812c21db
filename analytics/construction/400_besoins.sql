-- What each membre needs in a year, from what it bought over the months its dépôts cover.
-- Grain: membre × famille × article (null: the lines of the famille that have no article).
-- Annual = total × 12 ÷ covered months (`couvertures.mois_annualisation`). The range is over its civil years covered twelve months out of twelve;
-- with none of them it is absent. Quantities are absent when no line has a quantity in reference unit.
CREATE TABLE besoins AS
WITH annees_pleines AS (
    SELECT
        membre,
        extract(YEAR FROM mois) AS annee
    FROM couverture
    GROUP BY membre, extract(YEAR FROM mois)
    HAVING count(*) = 12
),

sujets AS (
    SELECT
        membre,
        famille,
        article_id,
        sum(quantite) AS quantite,
        sum(montant_ht) AS montant_ht,
        cast(sum(nb_lignes) AS BIGINT) AS nb_lignes
    FROM achats_des_membres
    GROUP BY membre, famille, article_id
),

par_annee AS (
    SELECT
        s.membre,
        s.famille,
        s.article_id,
        p.annee,
        coalesce(sum(a.quantite), 0) AS quantite,
        coalesce(sum(a.montant_ht), 0) AS montant_ht
    FROM sujets AS s
    INNER JOIN annees_pleines AS p
        ON s.membre = p.membre
    LEFT JOIN achats_des_membres AS a
        ON
            s.membre = a.membre
            AND s.famille = a.famille
            AND s.article_id IS NOT DISTINCT FROM a.article_id
            AND p.annee = extract(YEAR FROM a.mois)
    GROUP BY s.membre, s.famille, s.article_id, p.annee
),

bornes AS (
    SELECT
        membre,
        famille,
        article_id,
        min(quantite) AS quantite_min_an,
        max(quantite) AS quantite_max_an,
        min(montant_ht) AS montant_min_an,
        max(montant_ht) AS montant_max_an
    FROM par_annee
    GROUP BY membre, famille, article_id
)

SELECT
    s.membre,
    s.famille,
    s.article_id,
    u.unite_reference,
    cast(cast(s.quantite AS DOUBLE) * 12 / c.mois_annualisation AS DECIMAL(28, 6)) AS quantite_annuelle,
    cast(cast(s.montant_ht AS DOUBLE) * 12 / c.mois_annualisation AS DECIMAL(24, 2)) AS montant_annuel_ht,
    c.mois_couverts,
    CASE WHEN s.quantite IS NOT NULL THEN cast(b.quantite_min_an AS DECIMAL(28, 6)) END AS quantite_min_an,
    CASE WHEN s.quantite IS NOT NULL THEN cast(b.quantite_max_an AS DECIMAL(28, 6)) END AS quantite_max_an,
    cast(b.montant_min_an AS DECIMAL(24, 2)) AS montant_min_an,
    cast(b.montant_max_an AS DECIMAL(24, 2)) AS montant_max_an,
    s.nb_lignes
FROM sujets AS s
INNER JOIN couvertures AS c
    ON s.membre = c.membre AND c.periode = 'ensemble'
LEFT JOIN reprise.unites_articles AS u
    ON s.article_id = u.article_id
LEFT JOIN bornes AS b
    ON s.membre = b.membre AND s.famille = b.famille AND s.article_id IS NOT DISTINCT FROM b.article_id
ORDER BY s.membre, s.famille, s.article_id
