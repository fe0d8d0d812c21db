-- The labels whose famille a person decided, with that famille.
-- Grain: label × unit × famille decided.
SELECT DISTINCT
    coalesce(l.libelle, '') AS libelle,
    coalesce(l.unite, '') AS unite,
    coalesce(e.famille, f.famille) AS famille
FROM lignes_lues AS l
LEFT JOIN familles_de_libelles AS f
    ON coalesce(l.libelle, '') = f.libelle
LEFT JOIN familles_de_lignes AS e
    ON l.empreinte = e.empreinte
WHERE coalesce(e.famille, f.famille) IS NOT NULL
