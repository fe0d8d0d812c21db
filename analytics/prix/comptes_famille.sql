-- What became of every line of a famille: those that make prices, those that do not and why.
-- Grain: one row. The four counts add up to `nb_lignes`.
SELECT
    count(DISTINCT membre) AS nb_membres,
    cast(coalesce(sum(nb_lignes), 0) AS BIGINT) AS nb_lignes,
    cast(coalesce(sum(nb_lignes_prix), 0) AS BIGINT) AS nb_prix,
    cast(coalesce(sum(nb_approx), 0) AS BIGINT) AS nb_approx,
    cast(coalesce(sum(nb_aberrantes), 0) AS BIGINT) AS nb_aberrantes,
    cast(coalesce(sum(nb_lignes - nb_lignes_prix - nb_approx - nb_aberrantes), 0) AS BIGINT) AS nb_autres
FROM achats_mois
WHERE famille = $famille AND ($tout OR list_contains($membres, membre))
