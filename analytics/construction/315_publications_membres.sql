-- What each published distribution stands on: the members' figures of the edition in force.
-- Grain: article × periode × membre.
-- When only one membre has changed since the last edition, that edition stays, unless what stands now is under the floors: the difference between
-- the two editions would be that membre's own figures. `editions_anciennes` is this table in the former observatoire.
CREATE OR REPLACE TABLE publications_membres AS
WITH changements AS (
    SELECT
        coalesce(a.article_id, p.article_id) AS article_id,
        coalesce(a.periode, p.periode) AS periode,
        count(*) AS nb_changes
    FROM editions_anciennes AS a
    FULL OUTER JOIN prix_membres AS p
        ON a.article_id = p.article_id AND a.periode = p.periode AND a.membre = p.membre
    WHERE
        a.quantite_reference IS DISTINCT FROM p.quantite_reference
        OR a.montant_ht IS DISTINCT FROM p.montant_ht
        OR a.exclu IS DISTINCT FROM p.exclu
    GROUP BY coalesce(a.article_id, p.article_id), coalesce(a.periode, p.periode)
),

gardees AS (
    SELECT DISTINCT
        a.article_id,
        a.periode
    FROM editions_anciennes AS a
    INNER JOIN changements AS c
        ON a.article_id = c.article_id AND a.periode = c.periode AND c.nb_changes = 1
    INNER JOIN distributions AS d
        ON a.article_id = d.article_id AND a.periode = d.periode
    CROSS JOIN regles AS r
    WHERE
        a.publiable
        AND d.nb_membres >= r.plancher_membres
        AND d.nb_fournisseurs >= r.plancher_fournisseurs
)

SELECT
    p.article_id,
    p.periode,
    p.membre,
    p.quantite_reference,
    p.montant_ht,
    p.exclu,
    cast(v.construit_le AS DATE) AS arretee_le,
    FALSE AS est_figee
FROM prix_membres AS p
CROSS JOIN instant AS v
LEFT JOIN gardees AS g
    ON p.article_id = g.article_id AND p.periode = g.periode
WHERE g.article_id IS NULL
UNION ALL
SELECT
    a.article_id,
    a.periode,
    a.membre,
    a.quantite_reference,
    a.montant_ht,
    a.exclu,
    a.arretee_le,
    TRUE AS est_figee
FROM editions_anciennes AS a
INNER JOIN gardees AS g
    ON a.article_id = g.article_id AND a.periode = g.periode
ORDER BY article_id, periode, membre
