-- The articles that match a search and a famille, with what $membre spends on each over $periode.
-- Grain: article. Only counts and the reader's own figures: nothing of the others can be read from the order of the list.
SELECT
    a.article_id,
    a.libelle,
    a.famille,
    coalesce(f.libelle, 'À classer') AS famille_libelle,
    a.unite_reference,
    a.nb_lignes,
    a.nb_membres,
    a.nb_fournisseurs,
    p.montant_ht AS mon_montant_ht,
    p.prix_unitaire_ht AS mon_prix_unitaire_ht
FROM articles AS a
LEFT JOIN familles AS f
    ON a.famille = f.code
LEFT JOIN prix_membres AS p
    ON a.article_id = p.article_id AND p.membre = $membre AND p.periode = $periode
WHERE
    ($famille IS NULL OR a.famille = $famille)
    AND list_bool_and(list_transform(
        string_split($recherche, ' '),
        LAMBDA mot: contains(strip_accents(lower(a.libelle || ' ' || coalesce(f.libelle, ''))), mot)
    ))
