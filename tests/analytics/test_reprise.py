"""A build that starts again from the former observatoire gives the tables of a full build, whatever came or went in between."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import entrepot
from analytics.construction import reprise
from analytics.decisions import Decision, Sujet
from ingest.publication import DepotPublie, Doublons, statuer
from ingest.schema import SCHEMA_LIGNES
from tests.analytics.monde import completer

SANS_COMPARAISON = {"version": ["construit_le"]}
LIBELLES = (
    "RAMETTE PAPIER A4 80G BLANC", "PAPIER A4 80 G BLANC", "RAMETTE PAPIER A3 80G", "ENVELOPPE DL 110X220", "CARTON RAMETTES A4 80G",
    "SAC POUBELLE 110L NOIR", "",
)  # fmt: skip

lignes = st.fixed_dictionaries(
    {
        "libelle": st.sampled_from(LIBELLES),
        "famille": st.sampled_from(["AD01", "AD01", "AD02"]),
        "date": st.sampled_from([date(2024, 2, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 14)]),
        "quantite": st.sampled_from([Decimal(-2), Decimal(0), Decimal(1), Decimal(3), Decimal(40)]),
        "prix": st.sampled_from(["0", "3.42", "4", "4.35", "5.6", "17.5", "60"]),
        "fournisseur": st.sampled_from(["PAPETERIE DU CENTRE", "PAPETERIE DU CENTRE SARL", "BURO OUEST", None]),
        "fournisseur_siret": st.sampled_from([None, None, "55210055400013"]),
        "contenu_approx": st.sampled_from([False, False, False, True]),
        "contenu_confiance": st.sampled_from([1.0, 0.95, 0.5]),
        "contenu_quantite": st.sampled_from([Decimal(500), Decimal(500), Decimal(2500), None]),
        "contenu_unite": st.sampled_from(["feuille", "feuille", "unite"]),
    }
).map(lambda ligne: {**ligne, "nature": "avoir" if ligne["quantite"] < 0 else "achat"})
depots = st.fixed_dictionaries(
    {"membre": st.integers(0, 4), "doublons": st.sampled_from(list(Doublons)), "lignes": st.lists(lignes, min_size=1, max_size=8)}
)


@settings(max_examples=30, deadline=None)
@given(st.lists(depots, min_size=1, max_size=8), st.lists(depots, min_size=1, max_size=3), st.sets(st.integers(0, 7), max_size=2))
def test_taking_up_again_equals_building_anew(premiers, ajoutes, retires):
    with TemporaryDirectory() as nom:
        dossier = Path(nom)
        avant = [_publier(dossier, rang, depot) for rang, depot in enumerate(premiers)]
        apres = [d for n, d in enumerate(avant) if n not in retires] + [
            _publier(dossier, len(avant) + rang, depot) for rang, depot in enumerate(ajoutes)
        ]
        _compare(dossier, avant, apres)


def test_only_the_membres_that_changed_are_taken_again(tmp_path, monkeypatch):
    avant = [_publier(tmp_path, n, _monde(n)) for n in range(6)]
    apres = [*avant, _publier(tmp_path, 6, {**_monde(6), "membre": 2})]
    _build(tmp_path / "o.duckdb", avant)
    lus: list[DepotPublie] = []
    monkeypatch.setattr(reprise, "PART_MAXIMALE", 0.5)
    monkeypatch.setattr("analytics.construction.preparation.statuer", lambda d: (lus.extend(d), statuer(d))[1])
    _build(tmp_path / "o.duckdb", apres)
    assert {depot.membre for depot in lus} == {"100000002"}


def test_other_rules_or_decisions_keep_nothing(tmp_path):
    avant = [_publier(tmp_path, n, _monde(n)) for n in range(3)]
    chemin = tmp_path / "o.duckdb"
    _build(chemin, avant)
    code = _lire(chemin)["reprise.etat"]["code"][0]
    assert not reprise.prevoir(chemin, avant, code).entier
    assert reprise.prevoir(chemin, avant, code).membres == frozenset()
    assert reprise.prevoir(chemin, avant, "autre").entier
    assert reprise.prevoir(None, avant, code).entier
    le = datetime(2026, 1, 5, tzinfo=UTC)
    _build(chemin, avant, [Decision(Sujet.PRIX_EXCLURE, "D0/2", "animatrice", le)])
    assert _lire(chemin)["reprise.etat"]["code"][0] != code


@pytest.mark.parametrize("mal", ["DROP SCHEMA reprise CASCADE", "DROP TABLE reprise.tiers", "DELETE FROM lignes"])
def test_a_spoilt_memory_costs_only_time(tmp_path, mal):
    avant = [_publier(tmp_path, n, _monde(n)) for n in range(6)]
    apres = [*avant, _publier(tmp_path, 6, {**_monde(6), "membre": 5})]
    _build(tmp_path / "o.duckdb", avant)
    with duckdb.connect(str(tmp_path / "o.duckdb")) as connexion:
        connexion.execute(mal)
    _build(tmp_path / "o.duckdb", apres)
    _build(tmp_path / "neuf.duckdb", apres)
    _same(tmp_path / "o.duckdb", tmp_path / "neuf.duckdb", sauf={"publications", "publications_membres"})


def _compare(dossier, avant, apres):
    repris, entier = dossier / "o.duckdb", dossier / "entier.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reprise, "PART_MAXIMALE", 1.0)
        _build(repris, avant)
        entier.write_bytes(repris.read_bytes())  # the same former editions
        _build(repris, apres)
        assert _lire(repris)["reprise.etat"]["nb_reprises"][0] == 1
        _build(entier, apres, reprendre=False)
    _same(repris, entier)


def _same(un, autre, sauf=frozenset()):
    tables, attendues = _lire(un), _lire(autre)
    assert tables.keys() == attendues.keys()
    for nom in tables.keys() - {"reprise.etat"} - sauf:
        lues, voulues = (_rangees(jeu[nom], SANS_COMPARAISON.get(nom, ())) for jeu in (tables, attendues))
        assert lues == voulues, nom


def _rangees(table, sauf):
    return sorted(map(repr, table.drop(sauf).iter_rows()))


def _lire(chemin):
    with duckdb.connect(str(chemin), read_only=True) as connexion:
        noms = connexion.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        return {f"{schema}.{nom}".removeprefix("main."): connexion.sql(f'FROM "{schema}"."{nom}"').pl() for schema, nom in noms}


def _build(chemin, publies, decisions=(), **options):
    membres = [entrepot.Membre(f"10000000{n}", f"Commune {n}", "commune", None, 1000) for n in range(5)]
    return entrepot.build(entrepot.Sources(publies, membres, date(2025, 12, 31), decisions), chemin, **options)


def _publier(dossier, rang, depot):
    membre, nom = f"10000000{depot['membre']}", f"D{rang}"
    contenu = []
    for numero, ligne in enumerate(depot["lignes"], start=2):
        complete = completer({**ligne, "membre": membre, "depot": nom})
        condense = repr(sorted((k, v) for k, v in ligne.items() if k != "nature"))
        contenu.append({**complete, "ligne": numero, "empreinte": f"{condense}/{numero}", "cle": f"{ligne['libelle']}/{ligne.get('date')}"})
    fichier = dossier / f"{nom}.parquet"
    pl.DataFrame(contenu, schema=SCHEMA_LIGNES).write_parquet(fichier)
    return DepotPublie(nom, membre, rang + 1, fichier, depot.get("doublons", Doublons.IGNORER))


def _monde(n):
    return {"membre": n % 5, "lignes": [{"libelle": LIBELLES[0], "prix": 4 + n / 10, "quantite": 3 + n, "fournisseur": f"F{n % 2}"}]}
