-- Question: what does each membre buy every year, at which price, and how do the prices of the others spread?
-- Grain: membre × famille × article (null = no article), from the besoins of the observatoire.
-- Caveat: the spread is given only above the floors of membres and fournisseurs, the median standing for the first quartile below the
-- floor of quartiles; a price excluded as an outlier counts as absent.
select
    b.membre,
    b.famille,
    b.article_id,
    b.unite_reference,
    b.nb_lignes,
    d.nb_membres,
    d.nb_fournisseurs,
    cast(b.quantite_annuelle as decimal(18, 4)) as quantite_annuelle,
    cast(b.montant_annuel_ht as decimal(18, 2)) as montant_annuel_ht,
    cast(p.prix_unitaire_ht as decimal(18, 6)) as prix_unitaire_ht,
    cast(case when d.nb_membres >= $plancher_quartiles then d.q1 else d.mediane end as decimal(18, 6)) as q1,
    cast(d.mediane as decimal(18, 6)) as mediane,
    cast(d.moyenne_ponderee as decimal(18, 6)) as moyenne_ponderee
from besoins as b
left join prix_membres as p
    on
        b.article_id = p.article_id
        and b.membre = p.membre
        and p.periode = 'ensemble'
        and not p.exclu
left join distributions as d
    on
        b.article_id = d.article_id
        and d.periode = 'ensemble'
        and d.nb_membres >= $plancher_membres
        and d.nb_fournisseurs >= $plancher_fournisseurs
where b.montant_annuel_ht > 0
order by b.famille, b.article_id, b.membre
