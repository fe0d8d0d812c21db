"""The club store: the small state that people change, transactional and precious.

Members, accounts, the list of published dépôts, decisions, groupements, long work and the journal. Never prices: those are derived
and live in the observatoire. Public: `api.club.magasin.Magasin` opens it, `api.club.modeles` are its tables.
"""
