-- How packagings were read and at what price things were bought, with the article of each.
-- Grain: that of `reprise.lectures`, for labels that have an article.
SELECT
    a.article_id,
    l.*
FROM reprise.lectures AS l
INNER JOIN reprise.articles_de_libelle AS a
    ON l.libelle = a.libelle AND l.famille = a.famille
WHERE a.article_id IS NOT NULL
ORDER BY
    a.article_id, l.membre, l.libelle, l.unite, l.famille, l.reference, l.gtin, l.fournisseur, l.fournisseur_siret,
    l.prix_de_la_ligne, l.contenu_confiance, l.contenu_quantite, l.contenu_unite
