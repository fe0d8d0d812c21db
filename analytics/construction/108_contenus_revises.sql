-- The packagings that prices show to be another, with the numbers by which their lines are counted.
-- Grain: combination × unit price read.
CREATE OR REPLACE TABLE reprise.contenus_revises AS
SELECT
    c.combinaison,
    c.prix,
    c.contenu_quantite,
    c.contenu_unite,
    c.contenu_derivation,
    c.contenu_approx,
    c.contenu_motif,
    c.unite_reference,
    c.facteur,
    s.sujet
FROM combinaisons_revues AS c
INNER JOIN reprise.sujets AS s
    ON
        c.famille IS NOT DISTINCT FROM s.famille
        AND c.article_id IS NOT DISTINCT FROM s.article_id
        AND c.fournisseur_id IS NOT DISTINCT FROM s.fournisseur_id
        AND c.unite_reference IS NOT DISTINCT FROM s.unite_reference
ORDER BY c.combinaison, c.prix
