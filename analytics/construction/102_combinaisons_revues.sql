-- The packagings that the usual price of their article shows to be another (`contenus_a_revoir`), in the unit it is compared in.
-- Grain: combination × unit price read.
CREATE TEMPORARY TABLE combinaisons_revues AS
SELECT
    r.combinaison,
    r.prix,
    r.contenu_quantite,
    r.contenu_unite,
    r.contenu_derivation,
    r.contenu_approx,
    r.contenu_motif,
    s.famille,
    s.article_id,
    s.fournisseur_id,
    u.unite_reference,
    u.facteur
FROM contenus_a_revoir AS r
INNER JOIN combinaisons_situees AS s
    ON r.combinaison = s.combinaison
LEFT JOIN conversions AS u
    ON s.famille = u.famille AND r.contenu_unite = u.contenu_unite
