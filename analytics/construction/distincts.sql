-- The labels received, with their unit and the famille proposed.
-- Grain: label × unit × famille.
SELECT DISTINCT
    coalesce(libelle, '') AS libelle,
    coalesce(unite, '') AS unite,
    coalesce(famille, '') AS famille
FROM reprise.combinaisons
