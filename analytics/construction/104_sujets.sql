-- Numbers by which lines are counted, one instead of four texts: `sujet` with the unit, `achat` without it.
-- Grain: famille × article × fournisseur × reference unit (each null when there is none).
CREATE OR REPLACE TABLE reprise.sujets AS
WITH distincts AS (
    SELECT
        famille,
        article_id,
        fournisseur_id,
        unite_reference
    FROM combinaisons_situees
    UNION
    SELECT
        famille,
        article_id,
        fournisseur_id,
        unite_reference
    FROM combinaisons_revues
)

SELECT
    cast(row_number() OVER (ORDER BY d.famille ASC, d.article_id ASC, d.fournisseur_id ASC, d.unite_reference ASC) AS INTEGER) AS sujet,
    cast(dense_rank() OVER (ORDER BY d.famille ASC, d.article_id ASC, d.fournisseur_id ASC) AS INTEGER) AS achat,
    d.*
FROM distincts AS d
