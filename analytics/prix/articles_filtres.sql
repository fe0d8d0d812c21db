-- The articles that match a search and a famille, with what $membre spends on each over $periode.
-- Grain: article. Only counts and the reader's own figures: nothing of the others can be read from the order of the list.
-- Caveat: the label of an article that fewer membres buy than the floor is a line of one of them: only who reads its lines sees it.
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
    (
        $tout
        OR a.nb_membres >= $plancher_membres
        OR EXISTS (
            SELECT 1 FROM besoins AS b
            WHERE b.article_id = a.article_id AND list_contains($lisibles, b.membre)
        )
    )
    AND ($famille IS NULL OR a.famille = $famille)
    AND (
        a.famille IN (
            SELECT m.famille FROM mots_familles AS m
            WHERE length($recherche) >= $longueur_mot_cle AND starts_with(m.mot, $recherche)
        )
        OR list_bool_and(list_transform(
            string_split($recherche, ' '),
            LAMBDA mot: contains(strip_accents(lower(a.libelle || ' ' || coalesce(f.libelle, ''))), mot)
        ))
    )
