-- What the lines read say in words and was never met before.
-- Grain: combination.
INSERT INTO reprise.combinaisons
WITH nouvelles AS (
    SELECT DISTINCT
        nature = 'mandat' AS est_mandat,
        libelle,
        reference,
        gtin,
        fournisseur,
        fournisseur_siret,
        unite,
        compte,
        famille,
        famille_confiance,
        famille_motif,
        famille_de_ligne,
        contenu_quantite,
        contenu_unite,
        contenu_derivation,
        contenu_approx,
        contenu_confiance,
        contenu_motif,
        attributs
    FROM lignes_lues
    EXCEPT
    SELECT * EXCLUDE (combinaison)
    FROM reprise.combinaisons
)

SELECT
    cast((SELECT coalesce(max(combinaison), 0) FROM reprise.combinaisons) + row_number() OVER () AS INTEGER) AS combinaison,
    n.*
FROM nouvelles AS n
