"""The door to DuckDB: an observatoire is whole or is not, readers never see a mixture, and what people decided is replayed."""

import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from analytics.construction.controle import Inexact
from analytics.decisions import Decision, Sujet
from analytics.entrepot import lecture, version
from ingest.erreurs import Refus
from ingest.quantites.texte import fold
from tests.analytics.monde import construire

MEMBRES = [f"10000000{n}" for n in range(6)]
LE = datetime(2026, 1, 5, tzinfo=UTC)


def _lignes(prix=4):
    return [{"membre": m, "prix": prix + n / 10, "quantite": 10, "fournisseur": f"F{n % 2}"} for n, m in enumerate(MEMBRES)]


def _decision(sujet, cle, **valeur):
    return Decision(sujet, cle, "animatrice", LE, valeur)


def test_nothing_built_yet_is_said(tmp_path):
    with pytest.raises(Refus, match="pas encore construit"), lecture(tmp_path / "observatoire.duckdb"):
        pass


def test_an_empty_club_has_an_empty_observatoire(tmp_path):
    with lecture(construire([], tmp_path)) as curseur:
        assert version(curseur).nb_lignes == 0
        for table in ("lignes", "articles", "distributions", "publications", "besoins", "indices", "effets_volume"):
            assert curseur.sql(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "requete",
    [
        "CREATE TABLE x AS SELECT 1",
        "DELETE FROM observatoire.lignes",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY observatoire.lignes TO '/tmp/fuite.csv'",
        "ATTACH '/tmp/autre.duckdb'",
        "SET enable_external_access=true",
        "INSTALL httpfs",
    ],
)
def test_a_reader_can_only_read(tmp_path, requete):
    with lecture(construire(_lignes(), tmp_path)) as curseur, pytest.raises(duckdb.Error):
        curseur.execute(requete)


def test_only_the_observatoire_is_left_behind(tmp_path):
    chemin = construire(_lignes(), tmp_path)
    (tmp_path / "observatoire.duckdb.0000.part").write_bytes(b"what a killed build left")
    construire(_lignes(), tmp_path)
    restes = sorted(f.name for f in tmp_path.iterdir() if f.suffix != ".parquet")
    assert restes[0] == chemin.name
    with lecture(chemin) as curseur:
        assert restes[1:] == [nom for (nom,) in curseur.sql("SELECT socle FROM reprise.etat").fetchall()]


def test_a_build_that_fails_leaves_the_former_one(tmp_path, monkeypatch):
    chemin = construire(_lignes(), tmp_path)
    with lecture(chemin) as curseur:
        avant = version(curseur)
    monkeypatch.setattr("analytics.construction.controle.CONTROLES", {"planted": "SELECT 1"})
    with pytest.raises(Inexact, match="planted"):
        construire(_lignes(5), tmp_path)
    with lecture(chemin) as curseur:
        assert version(curseur) == avant
    assert not list(tmp_path.glob("*.part*"))


def test_a_line_lost_on_the_way_stops_the_build(tmp_path, monkeypatch):
    vrai = __import__("analytics.construction.chantier", fromlist=["_sql"])._sql
    sql = vrai("110_lignes_situees")
    perdu = sql.replace("FROM revues AS r", "FROM revues AS r WHERE r.membre <> '100000000'")
    assert perdu != sql
    monkeypatch.setattr("analytics.construction.chantier._sql", lambda nom: perdu if nom == "110_lignes_situees" else vrai(nom))
    with pytest.raises(Inexact, match="D100000000: 1 lines retained, 0 built"):
        construire(_lignes(), tmp_path)


def test_the_same_sources_give_the_same_version_in_any_order(tmp_path):
    versions = set()
    for ordre in (1, -1):
        dossier = tmp_path / str(ordre)
        dossier.mkdir()
        lignes = [{**ligne, "depot": f"D{ligne['membre']}"} for ligne in _lignes()]
        with lecture(construire(lignes, dossier)) as curseur:
            versions.add((version(curseur).version, tuple(curseur.sql("SELECT * EXCLUDE (arretee_le) FROM publications").fetchall())))
    assert len(versions) == 1


def test_readers_see_the_old_or_the_new_never_a_mixture(tmp_path):
    chemin = construire(_lignes(4), tmp_path)
    erreurs, vues, fini = [], set(), threading.Event()

    def lire():
        while not fini.is_set():
            try:
                with lecture(chemin) as curseur:
                    somme = curseur.sql("SELECT sum(montant_ht) FROM lignes").fetchall()[0][0]
                    time.sleep(0.01)
                    vues.add((somme, curseur.sql("SELECT sum(montant_ht) FROM achats_mois").fetchall()[0][0]))
            except Exception as erreur:  # any error at all is a failure
                erreurs.append(erreur)

    lecteurs = [threading.Thread(target=lire) for _ in range(4)]
    for lecteur in lecteurs:
        lecteur.start()
    for prix in (5, 6, 7):
        construire(_lignes(prix), tmp_path)
    fini.set()
    for lecteur in lecteurs:
        lecteur.join()
    assert erreurs == []
    assert all(lignes == mois for lignes, mois in vues)
    assert {lignes for lignes, _ in vues} <= {Decimal(60 * prix + 15) for prix in (4, 5, 6, 7)}


def test_a_killed_build_leaves_the_former_one(tmp_path):
    chemin = construire(_lignes(4), tmp_path)
    programme = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path;"
        "from tests.analytics import monde, test_entrepot as t;"
        "from analytics.construction import controle; controle.verifier = lambda *_: os.kill(os.getpid(), signal.SIGKILL);"
        "monde.construire(t._lignes(9), Path(sys.argv[1]))"
    )
    racine = Path(__file__).resolve().parents[2]
    fin = subprocess.run([sys.executable, "-c", programme, str(tmp_path), str(racine)], check=False, cwd=racine, capture_output=True)
    assert fin.returncode == -9, fin.stderr
    with lecture(chemin) as curseur:
        assert curseur.sql("SELECT sum(montant_ht) FROM lignes").fetchall() == [(Decimal("255.00"),)]
    construire(_lignes(5), tmp_path)
    assert not list(tmp_path.glob("*.part*"))


def test_a_price_set_aside_by_a_person_is_seen_and_comes_back(tmp_path):
    decisions = [_decision(Sujet.PRIX_EXCLURE, "D100000000/2")]
    with lecture(construire(_lignes(), tmp_path, decisions=decisions)) as curseur:
        assert curseur.sql("SELECT membre FROM lignes WHERE motif_hors_prix = 'exclue_par_decision'").fetchall() == [("100000000",)]
        assert curseur.sql("SELECT DISTINCT nb_membres FROM distributions").fetchall() == [(5,)]
    with lecture(construire(_lignes(), tmp_path)) as curseur:
        assert curseur.sql("SELECT DISTINCT nb_membres FROM distributions").fetchall() == [(6,)]


def test_an_aberrant_price_is_kept_when_a_person_says_so(tmp_path):
    lignes = [*_lignes(), {"membre": "100000009", "prix": 40, "quantite": 10, "contenu_confiance": 1.0}]
    with lecture(construire(lignes, tmp_path)) as curseur:
        assert curseur.sql("SELECT motif_hors_prix FROM lignes WHERE membre = '100000009'").fetchall() == [("prix_aberrant",)]
        ((article,),) = curseur.sql("SELECT article_id FROM articles").fetchall()
    decisions = [
        _decision(Sujet.PRIX_INCLURE, "D100000009/2"),
        *(_decision(Sujet.PRIX_INCLURE, f"{article}|100000009|{periode}") for periode in ("2025", "ensemble")),
    ]
    with lecture(construire(lignes, tmp_path, decisions=decisions)) as curseur:
        assert curseur.sql("SELECT DISTINCT maximum, nb_membres FROM distributions").fetchall() == [(pytest.approx(0.08), 7)]


def test_a_famille_and_a_packaging_decided_by_people_are_replayed(tmp_path):
    lignes = [{"membre": MEMBRES[0], "prix": 40, "quantite": 2, "libelle": "PAPIER A4 80G", "unite": "carton", "famille": "AD02",
               "contenu_quantite": None, "contenu_unite": None}]  # fmt: skip
    decisions = [
        _decision(Sujet.FAMILLE_LIBELLE, fold("PAPIER A4 80G"), famille="AD01"),
        _decision(Sujet.CONTENU, "papier a4 80g|carton|ad01", quantite="2500", unite="feuille"),
    ]
    with lecture(construire(lignes, tmp_path, decisions=decisions)) as curseur:
        colonnes = "famille, famille_motif, quantite_reference, unite_reference, prix_unitaire_reference_ht, derivation"
        assert curseur.sql(f"SELECT {colonnes} FROM lignes").fetchall() == [
            ("AD01", "décidée par une personne", Decimal(5000), "feuille", Decimal("0.016"), "décidé par animatrice")
        ]


def test_a_line_without_price_says_why(tmp_path):
    cas = {
        "conditionnement_a_preciser": {"contenu_quantite": None, "contenu_unite": None},
        "conversion_approchee": {"contenu_approx": True},
        "mandat": {"nature": "mandat", "quantite": None, "montant_ht": Decimal(12)},
        "montant_ou_quantite_nuls": {"prix": 0},
        "sans_quantite": {"quantite": None, "montant_ht": Decimal(12)},
        "sans_montant_ht": {"montant_ttc": Decimal(12)},
    }
    lignes = [
        {"membre": MEMBRES[0], "reference": motif, **({} if "montant_ht" in c or "montant_ttc" in c else {"prix": 4}), **c}
        for motif, c in cas.items()
    ]
    with lecture(construire(lignes, tmp_path)) as curseur:
        assert dict(curseur.sql("SELECT reference, motif_hors_prix FROM lignes").fetchall()) == {motif: motif for motif in cas}
        assert curseur.sql("SELECT sum(montant_annuel_ht) FROM besoins").fetchall()[0][0] == Decimal("32.00")


def test_the_month_of_a_depot_without_purchase_is_covered(tmp_path):
    lignes = [
        {"membre": MEMBRES[0], "prix": 4, "date": date(2025, m, 9), "depot": depot} for m, depot in ((1, "D1"), (4, "D1"), (12, "D2"))
    ]
    with lecture(construire(lignes, tmp_path)) as curseur:
        mois = [m.month for (m,) in curseur.sql("SELECT mois FROM couverture ORDER BY mois").fetchall()]
        assert mois == [1, 2, 3, 4, 12]
