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

from analytics import construction, entrepot
from analytics.articles.signature import sign
from analytics.construction import reprise
from analytics.construction.rapprochement import decisions_de_lignes
from analytics.decisions import Decision, Sujet
from ingest.publication import DepotPublie, Doublons
from ingest.quantites.texte import fold
from ingest.schema import SCHEMA_LIGNES
from tests.analytics.monde import completer

LE = datetime(2026, 1, 5, tzinfo=UTC)
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


@settings(max_examples=10, deadline=None)
@given(st.lists(depots, min_size=1, max_size=8), st.lists(depots, min_size=1, max_size=3), st.sets(st.integers(0, 7), max_size=2))
def test_taking_up_again_equals_building_anew(premiers, ajoutes, retires):
    with TemporaryDirectory() as nom:
        dossier = Path(nom)
        avant = [_publier(dossier, rang, depot) for rang, depot in enumerate(premiers)]
        apres = [d for n, d in enumerate(avant) if n not in retires] + [
            _publier(dossier, len(avant) + rang, depot) for rang, depot in enumerate(ajoutes)
        ]
        _compare(dossier, avant, apres)


def test_only_the_depots_that_changed_are_read_again(tmp_path, monkeypatch):
    avant = [_publier(tmp_path, n, _monde(n)) for n in range(6)]
    apres = [*avant, _publier(tmp_path, 6, {**_monde(6), "membre": 2})]
    _build(tmp_path / "o.duckdb", avant)
    monkeypatch.setattr(reprise, "PART_MAXIMALE", 0.5)
    plan = reprise.prevoir(tmp_path / "o.duckdb", apres, _aucune(), _code(tmp_path))
    assert [depot.depot for depot in plan.a_lire] == ["D6"]
    assert (plan.perimes, plan.membres) == ((), {"100000002"})
    base = _lire(tmp_path / "o.duckdb")["reprise.etat"]["socle"][0]
    octets = (tmp_path / base).read_bytes()
    _build(tmp_path / "o.duckdb", apres)
    etat = _lire(tmp_path / "o.duckdb")["reprise.etat"]
    assert (etat["socle"][0], etat["nb_reprises"][0]) == (base, 1)
    assert (tmp_path / base).read_bytes() == octets


def test_other_rules_keep_nothing(tmp_path):
    avant = [_publier(tmp_path, n, _monde(n)) for n in range(3)]
    chemin = tmp_path / "o.duckdb"
    _build(chemin, avant)
    plan = reprise.prevoir(chemin, avant, _aucune(), _code(tmp_path))
    assert not plan.entier
    assert (plan.a_lire, plan.perimes, plan.membres) == ((), (), frozenset())
    assert reprise.prevoir(chemin, avant, _aucune(), "autre").entier
    assert reprise.prevoir(None, avant, _aucune(), _code(tmp_path)).entier


@pytest.mark.parametrize("mal", ["DROP SCHEMA reprise CASCADE", "DROP TABLE reprise.prix_lus", "DELETE FROM reprise.placements"])
def test_a_spoilt_memory_costs_only_time(tmp_path, mal):
    avant = [_publier(tmp_path, n, _monde(n)) for n in range(6)]
    apres = [*avant, _publier(tmp_path, 6, {**_monde(6), "membre": 5})]
    _build(tmp_path / "o.duckdb", avant)
    with duckdb.connect(str(tmp_path / "o.duckdb")) as connexion:
        connexion.execute(mal)
    _build(tmp_path / "o.duckdb", apres)
    _build(tmp_path / "neuf.duckdb", apres)
    _same(tmp_path / "o.duckdb", tmp_path / "neuf.duckdb", sauf={"publications", "publications_membres"})


def test_a_lost_base_costs_only_time(tmp_path):
    avant = [_publier(tmp_path, n, _monde(n)) for n in range(6)]
    chemin = tmp_path / "o.duckdb"
    _build(chemin, avant)
    (tmp_path / _lire(chemin)["reprise.etat"]["socle"][0]).unlink()
    _build(chemin, avant)
    assert _lire(chemin)["lignes"].height == 6


nommes, rangs = st.sampled_from(LIBELLES[:6]), st.integers(0, 40)
codes, periodes = st.sampled_from(["AD01", "AD02"]), st.sampled_from(["2025", "ensemble"])
decisions = st.lists(
    st.one_of(
        st.builds(lambda n, sujet: (sujet, n), rangs, st.sampled_from([Sujet.PRIX_EXCLURE, Sujet.PRIX_INCLURE])),
        st.builds(lambda n, code: (Sujet.FAMILLE_LIGNE, n, ("famille", code)), rangs, codes),
        st.builds(lambda nom, code: (Sujet.FAMILLE_LIBELLE, fold(nom), ("famille", code)), nommes, codes),
        st.builds(
            lambda nom, n: (Sujet.CONTENU, f"{fold(nom)}|ramette|ad01", ("quantite", str(n + 1)), ("unite", "feuille")), nommes, rangs
        ),
        st.builds(lambda nom, autre: (Sujet.ARTICLE_MEME, _cle(nom), ("avec", _cle(autre))), nommes, nommes),
        st.builds(lambda nom, n, periode: (Sujet.PRIX_EXCLURE, f"{_cle(nom)}|10000000{n % 5}|{periode}"), nommes, rangs, periodes),
        st.builds(lambda nom, autre: (Sujet.ARTICLE_RENOMMER, _cle(nom), ("libelle", autre)), nommes, nommes),
        st.builds(lambda nom, unite: (Sujet.ARTICLE_UNITE, _cle(nom), ("unite", unite)), nommes, st.sampled_from(["feuille", "unite"])),
    ),
    max_size=5,
)
"""Subject, key (the rank of a line where it is about one), then the pairs of its value."""


@settings(max_examples=10, deadline=None)
@given(st.lists(depots, min_size=1, max_size=6), decisions, decisions)
def test_decisions_take_the_same_way_as_depots(publies, premieres, suivantes):
    with TemporaryDirectory() as nom:
        dossier = Path(nom)
        tous = [_publier(dossier, rang, depot) for rang, depot in enumerate(publies)]
        _compare(dossier, tous, tous, _dire(premieres, tous), _dire(suivantes, tous))


@settings(max_examples=4, deadline=None)
@given(st.lists(st.lists(depots, min_size=1, max_size=2), min_size=2, max_size=5), decisions)
def test_taking_up_again_many_times_equals_building_anew(arrivees, dites):
    with TemporaryDirectory() as nom, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reprise, "PART_MAXIMALE", 2.0)
        dossier = Path(nom)
        repris, entier = dossier / "o.duckdb", dossier / "entier.duckdb"
        publies: list[DepotPublie] = []
        for arrivee in arrivees:
            publies = publies + [_publier(dossier, len(publies) + n, depot) for n, depot in enumerate(arrivee)]
            _build(repris, publies, _dire(dites, publies))
        assert _lire(repris)["reprise.etat"]["nb_reprises"][0] == len(arrivees) - 1
        _build(entier, publies, _dire(dites, publies))
        _same(repris, entier, sauf={"publications", "publications_membres"})  # these remember what was published in between


def _compare(dossier, avant, apres, premieres=(), suivantes=()):
    repris, entier = dossier / "o.duckdb", dossier / "entier.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reprise, "PART_MAXIMALE", 2.0)
        _build(repris, avant, premieres)
        entier.write_bytes(repris.read_bytes())  # the same former editions
        _build(repris, apres, suivantes)
        assert _lire(repris)["reprise.etat"]["nb_reprises"][0] == 1
        _build(entier, apres, suivantes, reprendre=False)
    _same(repris, entier)


def _same(un, autre, sauf=frozenset()):
    tables, attendues = _lire(un), _lire(autre)
    assert tables.keys() == attendues.keys()
    for nom in tables.keys() - sauf:
        if nom.startswith("reprise."):  # numbers its words in the order they came
            continue
        lues, voulues = (_rangees(jeu[nom], SANS_COMPARAISON.get(nom, ())) for jeu in (tables, attendues))
        assert lues == voulues, nom


def _rangees(table, sauf):
    return sorted(map(repr, table.drop(sauf).iter_rows()))


def _lire(chemin):
    with entrepot.lecture(chemin) as curseur:
        noms = curseur.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'observatoire' "
            "UNION SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'observatoire' AND NOT internal"
        ).fetchall()
        return {f"{schema}.{nom}".removeprefix("main."): curseur.sql(f'FROM "{schema}"."{nom}"').pl() for schema, nom in noms}


def _build(chemin, publies, decisions=(), **options):
    membres = [construction.Membre(f"10000000{n}", f"Commune {n}", "commune", None, 1000) for n in range(5)]
    return construction.build(construction.Sources(publies, membres, date(2025, 12, 31), decisions), chemin, **options)


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


def _dire(dites, publies):
    empreintes = sorted({e for depot in publies for e in pl.read_parquet(depot.chemin)["empreinte"]})
    return [
        Decision(sujet, empreintes[cle % len(empreintes)] if isinstance(cle, int) else cle, "animatrice", LE, dict(valeur))
        for sujet, cle, *valeur in dites
    ]


def _cle(libelle):
    return sign(libelle, "AD01").cle


def _aucune():
    return decisions_de_lignes(())


def _code(dossier):
    return _lire(dossier / "o.duckdb")["reprise.etat"]["code"][0]
