-- What the lines received say that a rule on familles may look at.
-- Grain: label × fournisseur × account × famille proposed.
SELECT DISTINCT
    coalesce(libelle, '') AS libelle,
    coalesce(fournisseur, '') AS fournisseur,
    coalesce(compte, '') AS compte,
    coalesce(famille, '') AS famille
FROM reprise.combinaisons
