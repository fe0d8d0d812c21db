-- The labels whose lines are in another famille than the one proposed, with that famille.
-- Grain: label × unit × famille.
SELECT DISTINCT
    coalesce(libelle, '') AS libelle,
    coalesce(unite, '') AS unite,
    coalesce(famille, '') AS famille
FROM combinaisons_classees
WHERE est_changee
