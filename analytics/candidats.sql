-- Question: how much does each membre spend a year in these familles, and on how many different articles?
-- Grain: membre.
select
    membre,
    cast(sum(montant_annuel_ht) as decimal(18, 2)) as montant_ht,
    count(distinct article_id) as nb_articles
from besoins
where list_contains($familles, famille)
group by membre
order by membre
