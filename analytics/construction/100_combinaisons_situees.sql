-- What each combination stands for once fournisseurs and articles are known: who sells, what is bought, in what unit it is compared.
-- Grain: combination. `article_ou_rien` is the article, or the empty text. `motif` holds what the words alone say against making a price.
CREATE TEMPORARY TABLE combinaisons_situees AS
SELECT
    c.*,
    f.fournisseur_id,
    a.article_id,
    coalesce(a.article_id, '') AS article_ou_rien,
    a.article,
    a.cle_libelle,
    a.article_bande,
    a.article_motif,
    u.unite_reference,
    u.facteur,
    CASE
        WHEN c.est_mandat THEN 'mandat'
        WHEN a.est_frais THEN 'frais_annexes'
        WHEN a.article_id IS NULL THEN 'sans_article'
    END AS motif
FROM combinaisons_corrigees AS c
LEFT JOIN fournisseurs_de_nom AS f
    ON
        coalesce(c.fournisseur, '') = f.fournisseur
        AND coalesce(c.fournisseur_siret, '') = f.fournisseur_siret
LEFT JOIN articles_de_libelle AS a
    ON
        NOT c.est_mandat
        AND coalesce(c.libelle, '') = a.libelle
        AND coalesce(c.famille, '') = a.famille
LEFT JOIN conversions AS u
    ON c.famille = u.famille AND c.contenu_unite = u.contenu_unite
