-- What one membre needs in a year, article by article and famille by famille.
-- Grain: famille × article (null: lines without article) of $membre.
SELECT
    b.famille,
    coalesce(f.libelle, 'À classer') AS famille_libelle,
    b.article_id,
    a.libelle AS article,
    b.unite_reference,
    b.quantite_annuelle,
    b.montant_annuel_ht,
    b.mois_couverts,
    b.quantite_min_an,
    b.quantite_max_an,
    b.montant_min_an,
    b.montant_max_an,
    b.nb_lignes
FROM besoins AS b
LEFT JOIN familles AS f
    ON b.famille = f.code
LEFT JOIN articles AS a
    ON b.article_id = a.article_id
WHERE b.membre = $membre
ORDER BY b.famille, a.libelle NULLS LAST, b.article_id
