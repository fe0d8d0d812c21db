-- What is comparable, and on how much it stands.
-- Grain: article that has at least one line. The famille is the one most of its lines have (ties: first code).
CREATE OR REPLACE TABLE articles AS
WITH comptes AS (
    SELECT
        article_id,
        cast(sum(nb_lignes) AS BIGINT) AS nb_lignes,
        count(DISTINCT membre) AS nb_membres,
        count(DISTINCT fournisseur_id) AS nb_fournisseurs
    FROM reprise.achats_annuels
    GROUP BY article_id
),

familles_par_article AS (
    SELECT
        article_id,
        famille,
        row_number() OVER (PARTITION BY article_id ORDER BY sum(nb_lignes) DESC, famille ASC) AS rang
    FROM reprise.achats_annuels
    GROUP BY article_id, famille
)

SELECT
    c.article_id,
    n.article AS libelle,
    f.famille,
    u.unite_reference,
    n.attributs,
    c.nb_lignes,
    c.nb_membres,
    c.nb_fournisseurs
FROM comptes AS c
INNER JOIN familles_par_article AS f
    ON c.article_id = f.article_id AND f.rang = 1
LEFT JOIN noms_articles AS n
    ON c.article_id = n.article_id
LEFT JOIN reprise.unites_articles AS u
    ON c.article_id = u.article_id
ORDER BY c.article_id
