-- The packagings that the usual price of their article shows to be another (`contenus_a_revoir`), in the unit it is compared in.
-- Grain: combination × unit price read.
CREATE OR REPLACE TABLE reprise.contenus_revises AS
SELECT
    r.combinaison,
    r.prix,
    r.contenu_quantite,
    r.contenu_unite,
    r.contenu_derivation,
    r.contenu_approx,
    r.contenu_motif,
    u.unite_reference,
    u.facteur
FROM contenus_a_revoir AS r
INNER JOIN reprise.placements AS p
    ON r.combinaison = p.combinaison
LEFT JOIN conversions AS u
    ON p.famille = u.famille AND r.contenu_unite = u.contenu_unite
ORDER BY r.combinaison, r.prix
