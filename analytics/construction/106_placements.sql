-- What each combination stands for, with the numbers by which its lines are counted.
-- Grain: combination. `facteur_court` is what one unit of the line holds in reference unit, content × factor, when two decimals say it exactly:
-- a product of two such numbers costs twenty times less than that of the three it comes from, and is the same.
CREATE OR REPLACE TABLE reprise.placements AS
SELECT
    c.*,
    s.sujet,
    s.achat,
    CASE
        WHEN
            cast(c.contenu_quantite AS DECIMAL(24, 6)) * c.facteur
            = round(cast(c.contenu_quantite AS DECIMAL(24, 6)) * c.facteur, 2)
            THEN try_cast(cast(c.contenu_quantite AS DECIMAL(24, 6)) * c.facteur AS DECIMAL(18, 2))
    END AS facteur_court
FROM combinaisons_situees AS c
INNER JOIN reprise.sujets AS s
    ON
        c.famille IS NOT DISTINCT FROM s.famille
        AND c.article_id IS NOT DISTINCT FROM s.article_id
        AND c.fournisseur_id IS NOT DISTINCT FROM s.fournisseur_id
        AND c.unite_reference IS NOT DISTINCT FROM s.unite_reference
ORDER BY c.combinaison
