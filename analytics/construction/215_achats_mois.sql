-- The purchases by month that stand: those of the base whose article × membre no later dépôt or decision touched, and those computed since.
-- Grain: that of `socle.achats_mois`.
CREATE OR REPLACE VIEW achats_mois AS
SELECT a.*
FROM socle.achats_mois AS a
ANTI JOIN reprise.paires_masquees AS m
    ON coalesce(a.article_id, '') = m.article_id AND a.membre = m.membre
UNION ALL
SELECT a.*
FROM reprise.achats_mois AS a
