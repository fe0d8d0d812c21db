-- Question: what do the chosen membres need every year in the chosen familles, and at which shared price may it be estimated?
-- Grain: membre × famille × article (null = no article).
-- Caveat: the price is given only above the floors of membres and fournisseurs; below, the article goes to the catalogue line.
select
    b.membre,
    b.famille,
    f.nature,
    b.article_id,
    a.libelle,
    coalesce(a.unite_reference, b.unite_reference) as unite_reference,
    cast(b.quantite_annuelle as decimal(18, 4)) as quantite_annuelle,
    cast(b.montant_annuel_ht as decimal(18, 2)) as montant_annuel_ht,
    cast(d.moyenne_ponderee as decimal(18, 6)) as prix_moyen_ht
from besoins as b
inner join familles as f on b.famille = f.code
left join articles as a on b.article_id = a.article_id
left join distributions as d
    on
        b.article_id = d.article_id
        and d.periode = 'ensemble'
        and d.nb_membres >= $plancher_membres
        and d.nb_fournisseurs >= $plancher_fournisseurs
where
    list_contains($familles, b.famille)
    and list_contains($membres, b.membre)
    and b.montant_annuel_ht > 0
order by b.famille, b.article_id, b.membre
