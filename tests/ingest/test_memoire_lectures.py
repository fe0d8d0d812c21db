"""What was read before is not read again, and is the same; a memory that is lost, torn or of other rules only costs time."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import lecteurs, memoire_lectures
from ingest.chaine import lire_depot
from ingest.familles import Nomenclature, livree
from ingest.memoire_lectures import MemoireLectures
from ingest.quantites import lire_en_lot
from tests.ingest.atelier import LIGNE, MEMBRE, write_csv

_CLES = ("libelle", "unite", "famille")
_COMBINAISONS = st.lists(
    st.tuples(
        st.sampled_from([None, "", "RAMETTE A4 80G", "BIDON 5L", "carton de 6 x 1,5 l", "sac 25 kg", "stylo bleu bte 50"]),
        st.sampled_from([None, "", "U", "CT", "le mille", "kg"]),
        st.sampled_from([None, "AD01", "EN01", "RE08", "A_CLASSER"]),
    ),
    min_size=1,
    max_size=12,
)


class _Compte:
    """Reads, and counts what it was asked to read."""

    def __init__(self) -> None:
        self.lues = 0

    def __call__(self, combinaisons: pl.DataFrame) -> pl.DataFrame:
        self.lues += combinaisons.height
        return lire_en_lot(combinaisons)


@pytest.fixture(autouse=True)
def petit_seuil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memoire_lectures, "_SEUIL", 0)


def _table(combinaisons: list[tuple[str | None, str | None, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(combinaisons, schema=dict.fromkeys(_CLES, pl.String), orient="row").unique(maintain_order=True)


def _memoire(dossier: Path, compte: _Compte) -> MemoireLectures:
    return MemoireLectures(dossier, "contenus", _CLES, compte)


@settings(max_examples=40, deadline=None)
@given(avant=_COMBINAISONS, apres=_COMBINAISONS)
def test_avec_ou_sans_memoire_la_lecture_est_la_meme(
    tmp_path_factory: pytest.TempPathFactory, avant: list[tuple[str | None, ...]], apres: list[tuple[str | None, ...]]
) -> None:
    dossier, compte = tmp_path_factory.mktemp("lectures"), _Compte()
    premiere = _memoire(dossier, compte)
    assert premiere.lire(_table(avant)).equals(lire_en_lot(_table(avant)))  # type: ignore[arg-type]
    premiere.enregistrer()
    compte.lues = 0
    assert _memoire(dossier, compte).lire(_table(apres)).equals(lire_en_lot(_table(apres)))  # type: ignore[arg-type]
    assert compte.lues == len(set(apres) - set(avant))


def test_un_fichier_dechire_est_lu_de_nouveau_et_remplace(tmp_path: Path) -> None:
    compte = _Compte()
    table = _table([("BIDON 5L", "U", "EN01"), ("sac 25 kg", "U", "RE08")])
    premiere = _memoire(tmp_path, compte)
    attendue = premiere.lire(table)
    premiere.enregistrer()
    (fichier,) = tmp_path.iterdir()
    for octets in (b"", fichier.read_bytes()[:100]):
        fichier.write_bytes(octets)
        seconde = _memoire(tmp_path, compte)
        assert seconde.lire(table).equals(attendue)
        seconde.enregistrer()
        assert pl.read_parquet(fichier).height == 2


def test_d_autres_regles_ne_lisent_pas_ce_que_les_anciennes_ont_lu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compte = _Compte()
    table = _table([("BIDON 5L", "U", "EN01")])
    for version in ("ancienne", "nouvelle", "nouvelle"):
        monkeypatch.setattr(memoire_lectures, "empreinte_des_regles", lambda version=version: version)
        memoire = _memoire(tmp_path, compte)
        memoire.lire(table)
        memoire.enregistrer()
    assert compte.lues == 2
    assert [fichier.name for fichier in tmp_path.iterdir()] == [f"contenus-nouvelle-{pl.__version__}.parquet"]


def test_deux_lecteurs_a_la_fois_gardent_ce_que_chacun_a_lu(tmp_path: Path) -> None:
    compte = _Compte()
    un, autre = _memoire(tmp_path, compte), _memoire(tmp_path, compte)
    un.lire(_table([("BIDON 5L", "U", "EN01")]))
    autre.lire(_table([("sac 25 kg", "U", "RE08")]))
    un.enregistrer()
    autre.enregistrer()
    (fichier,) = tmp_path.iterdir()
    assert pl.read_parquet(fichier).height == 2


def test_la_memoire_est_bornee_et_garde_le_plus_recent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memoire_lectures, "_CAPACITE", 2)
    compte = _Compte()
    for libelle in ("BIDON 5L", "sac 25 kg", "stylo bleu bte 50"):
        memoire = _memoire(tmp_path, compte)
        memoire.lire(_table([(libelle, "U", "EN01")]))
        memoire.enregistrer()
    compte.lues = 0
    _memoire(tmp_path, compte).lire(_table([("sac 25 kg", "U", "EN01"), ("stylo bleu bte 50", "U", "EN01")]))
    assert compte.lues == 0


def test_aucun_libelle_n_est_garde(tmp_path: Path) -> None:
    memoire = _memoire(tmp_path, _Compte())
    memoire.lire(_table([("achat pour Mme DUPONT 3 RUE DES LILAS", "U", "EN01")]))
    memoire.enregistrer()
    (fichier,) = tmp_path.iterdir()
    assert "dupont" not in str(pl.read_parquet(fichier).to_dicts()).casefold()


def test_un_depot_lu_avec_la_memoire_d_un_autre_a_les_memes_lignes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compte = _Compte()
    monkeypatch.setattr(lecteurs, "lire_en_lot", compte)
    chemin = write_csv(tmp_path, [LIGNE, LIGNE.replace("F1", "F2").replace("carton de 5 ramettes", "ramette"), LIGNE.replace("12;", "x;")])

    def lire(nom: str, memoire: Path | None) -> pl.DataFrame:
        destination = tmp_path / f"{nom}.parquet"
        lire_depot(chemin, nom=chemin.name, depot="D0001", membre=MEMBRE, destination=destination, memoire=memoire)
        return pl.read_parquet(destination)

    sans = lire("sans", None)
    assert compte.lues == 2
    assert lire("premier", tmp_path / "lectures").equals(sans)
    assert compte.lues == 4
    assert lire("second", tmp_path / "lectures").equals(sans)
    assert compte.lues == 4


def test_une_autre_nomenclature_ne_reprend_pas_les_familles_deja_lues(tmp_path: Path) -> None:
    libelles = pl.DataFrame(
        {"libelle": ["RAMETTE PAPIER A4 80G", "eau de javel"], "code_cpv": [None, None], "compte": ["6064", None]},
        schema=dict.fromkeys(lecteurs.CLES_FAMILLE, pl.String),
    )
    sans_papier = Nomenclature(tuple(famille for famille in livree().familles if famille.code != "AD01"))
    for nomenclature in (livree(), sans_papier, livree()):
        avec = lecteurs.Lecteurs(nomenclature, tmp_path)
        assert avec.familles(libelles).equals(lecteurs.Lecteurs(nomenclature).familles(libelles))
        assert ("AD01" in avec.familles(libelles)["famille"]) == (nomenclature == livree())
        avec.enregistrer()
