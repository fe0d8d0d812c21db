-- How packagings were read, with the article of each.
-- Grain: combination that has an article, among those somebody bought. `est_sure`: its prices are told by their median in each membre, the
-- others one by one.
SELECT
    c.combinaison,
    c.libelle,
    c.unite,
    c.famille,
    a.article_id,
    c.contenu_quantite,
    c.contenu_unite,
    c.contenu_derivation,
    c.contenu_approx,
    c.contenu_confiance,
    c.contenu_motif,
    coalesce(c.contenu_confiance >= 0.999, TRUE) AS est_sure
FROM combinaisons_corrigees AS c
INNER JOIN articles_de_libelle AS a
    ON coalesce(c.libelle, '') = a.libelle AND coalesce(c.famille, '') = a.famille
WHERE a.article_id IS NOT NULL AND NOT c.est_mandat
ORDER BY c.combinaison
