-- On how much the levels of a famille stand: lines and fournisseurs of these articles bought by these members over $periode.
SELECT
    cast(coalesce(sum(nb_lignes_prix), 0) AS BIGINT) AS nb_lignes,
    count(DISTINCT fournisseur_id) AS nb_fournisseurs
FROM achats_mois
WHERE
    list_contains($articles, article_id)
    AND list_contains($membres, membre)
    AND nb_lignes_prix > 0
    AND ($periode = 'ensemble' OR cast(extract(YEAR FROM mois) AS VARCHAR) = $periode)
