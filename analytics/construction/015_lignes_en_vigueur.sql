-- The retained lines as received: those of the base that no later dépôt made stale, and those read since.
-- Grain: one retained line of a published dépôt. The base is never written again (`analytics.construction.socle`).
CREATE OR REPLACE VIEW reprise.lignes_en_vigueur AS
SELECT l.*
FROM socle.lignes_recues AS l
ANTI JOIN reprise.depots_masques AS m
    ON l.depot = m.depot
UNION ALL
SELECT l.*
FROM reprise.lignes_recues AS l
