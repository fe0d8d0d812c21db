-- What lines too far from the mark of their article take away from `reprise.achats_annuels`.
-- Grain: article × famille × membre × fournisseur × civil year, in the unit of the article.
-- Only the lines of the pairs whose extreme prices say that they hold one (`suspectes`) are looked at.
CREATE TABLE reprise.aberrantes AS
SELECT
    l.article_id,
    l.famille,
    l.membre,
    l.fournisseur_id,
    cast(extract(YEAR FROM l.date) AS VARCHAR) AS annee,
    count(*) AS nb_lignes,
    count(CASE WHEN l.nature = 'achat' THEN 1 END) AS nb_achats,
    cast(sum(l.quantite_reference) AS DECIMAL(28, 6)) AS quantite,
    cast(sum(l.montant_ht) AS DECIMAL(24, 2)) AS montant_ht
FROM lignes_a_juger AS l
INNER JOIN suspectes AS s
    ON l.article_id = s.article_id AND l.membre = s.membre
WHERE l.motif_hors_prix = 'prix_aberrant'
GROUP BY l.article_id, l.famille, l.membre, l.fournisseur_id, cast(extract(YEAR FROM l.date) AS VARCHAR)
