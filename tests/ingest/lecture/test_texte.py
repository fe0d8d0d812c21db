"""Texts: whatever is written by the standard library is read back; the fast way and the careful way agree; memory is cut in blocks."""

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.erreurs import FichierRefuse
from ingest.lecture import lire
from ingest.lecture.cellules import couper
from ingest.lecture.flux import Bloc, Ecriture, compter_lignes, lire_blocs, observer
from ingest.lecture.texte import _cadre_lent, _cadre_mixte, choisir_separateur, lire_texte

ENTETE = ["Date", "Désignation", "Quantité", "Montant HT"]
LETTRES = st.characters(codec="cp1252", exclude_categories=("Cc", "Cs"), include_characters='";,\n')
CELLULE = st.text(LETTRES, max_size=12).map(str.strip).filter(lambda texte: texte.casefold() not in ("désignation", "total"))
SANS_RETOUR = CELLULE.map(lambda texte: texte.replace("\n", " ").replace('"', "").strip())
LIGNE = st.tuples(st.dates().map(str), CELLULE, st.integers(1, 999).map(str), st.integers(1, 99999).map(lambda n: f"{n / 100:.2f}"))
REGLAGE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


def ecrire(chemin: Path, lignes: list[tuple[str, ...]], separateur: str, encodage: str) -> list[int]:
    """Write a CSV as the standard library does; return the physical line on which each row starts."""
    tampon = io.StringIO()
    scribe = csv.writer(tampon, delimiter=separateur, lineterminator="\r\n")
    debuts = []
    for ligne in [tuple(ENTETE), *lignes]:
        debuts.append(tampon.getvalue().count("\n") + 1)
        scribe.writerow(ligne)
    chemin.write_bytes(tampon.getvalue().encode(encodage, errors="replace"))
    return debuts[1:]


def cellules_lues(chemin: Path, **reglages: int) -> list[tuple[object, ...]]:
    [table] = lire_texte(chemin, chemin.name, **reglages)  # type: ignore[arg-type]
    return pl.concat(list(table.blocs())).rows()


@REGLAGE
@given(
    lignes=st.lists(LIGNE, min_size=1, max_size=12),
    separateur=st.sampled_from(";,\t|"),
    encodage=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_what_is_written_is_read_back(tmp_path: Path, lignes: list[tuple[str, ...]], separateur: str, encodage: str) -> None:
    chemin = tmp_path / "achats.csv"
    debuts = ecrire(chemin, lignes, separateur, encodage)
    attendues = [(debut, None, None, *(cellule or None for cellule in ligne)) for debut, ligne in zip(debuts, lignes, strict=True)]
    lues = cellules_lues(chemin)
    if encodage == "cp1252":
        # A few random letters do not always tell cp1252 from its neighbours: everything but letters must still agree.
        lues = [tuple(c if i != 4 else None for i, c in enumerate(ligne)) for ligne in lues]
        attendues = [tuple(c if i != 4 else None for i, c in enumerate(ligne)) for ligne in attendues]
    assert lues == attendues


@REGLAGE
@given(lignes=st.lists(LIGNE, min_size=1, max_size=30), bloc=st.integers(200, 2000))
def test_blocks_give_the_same_lines_as_the_whole(tmp_path: Path, lignes: list[tuple[str, ...]], bloc: int) -> None:
    chemin = tmp_path / "achats.csv"
    ecrire(chemin, lignes, ";", "utf-8")
    assert cellules_lues(chemin, en_memoire=0, taille_bloc=bloc) == cellules_lues(chemin)


@REGLAGE
@given(
    contenu=st.text(st.sampled_from('ab;"\r\né'), max_size=300),
    taille=st.integers(1, 60),
    encodage=st.sampled_from(["utf-8", "cp1252", "utf-16-le"]),
)
def test_blocks_lose_no_letter(tmp_path: Path, contenu: str, taille: int, encodage: str) -> None:
    chemin = tmp_path / "texte.csv"
    chemin.write_bytes(contenu.encode(encodage))
    blocs = list(lire_blocs(chemin, Ecriture(encodage, b"\n"), taille * 2))
    texte = b"".join(bloc.texte for bloc in blocs).decode()
    assert texte.rstrip("\r") == contenu.rstrip("\r")
    numero = 1
    for bloc in blocs:
        assert bloc.premiere == numero
        numero += bloc.nombre


@REGLAGE
@given(lignes=st.lists(st.lists(SANS_RETOUR, min_size=2, max_size=5), min_size=1, max_size=10))
def test_careful_cutting_agrees_with_the_standard_library(lignes: list[list[str]]) -> None:
    tampon = io.StringIO()
    csv.writer(tampon, delimiter=";", lineterminator="\n").writerows(lignes)
    texte = tampon.getvalue().removesuffix("\n")
    assert [cellules for _, cellules in couper(texte.split("\n"), ";")] == lignes


@settings(max_examples=300, deadline=None)
@given(texte=st.text(st.sampled_from('ab;"\n'), min_size=1, max_size=80), largeur=st.integers(2, 4))
def test_sorting_plain_lines_from_difficult_ones_changes_nothing(texte: str, largeur: int) -> None:
    bloc = Bloc(texte.encode(), 7, compter_lignes(texte.encode()))
    lent, mixte = _cadre_lent(bloc, ";"), _cadre_mixte(bloc, ";", largeur)
    assert mixte.select(lent.columns).equals(lent)
    assert all(mixte[c].null_count() == mixte.height for c in mixte.columns if c not in lent.columns)


def test_a_ragged_block_costs_only_its_own_lines(tmp_path: Path) -> None:
    """Fifty thousand lines, one too long, one cut in two by a line break: both found, no other touched, every number right."""
    lignes = ["12/03/2025;Ramette A4;40;154,00"] * 50_000
    lignes[20_000] = "12/03/2025;Gel; 70 %;40;154,00"
    lignes[30_000] = '12/03/2025;"Ramette\nA4";40;154,00'
    chemin = tmp_path / "grand.csv"
    chemin.write_text("Date;Désignation;Quantité;Montant HT\n" + "\n".join(lignes), encoding="cp1252")
    [table] = lire_texte(chemin, chemin.name, en_memoire=0, taille_bloc=1 << 18)
    frame = pl.concat(list(table.blocs()))
    assert frame.height == 50_000
    assert frame.filter(pl.col("alerte").is_not_null()).select("ligne", "alerte", "Montant HT").rows() == [
        (20_002, "cellules_en_trop", "40 | 154,00")
    ]
    assert frame.filter(pl.col("Désignation") == "Ramette\nA4")["ligne"].to_list() == [30_002]
    assert frame["ligne"][-1] == 50_002


@pytest.mark.parametrize(
    "octets",
    [b";" * 300_000, b'""a;' * 100_000, b'"""a;' * 100_000, b'1;"a;b\n' * 20_000, (b'"' + b"x" * 10_000 + b"\n") * 20, b"\r" * 100_000],
    ids=["separateurs", "guillemets doubles", "guillemets triples", "jamais refermes", "longues lignes", "retours"],
)
def test_odd_texts_are_dealt_with_in_one_walk(tmp_path: Path, octets: bytes) -> None:
    """Each of these once took minutes, or would."""
    chemin = tmp_path / "etrange.csv"
    chemin.write_bytes(octets)
    try:
        [table] = lire(chemin, chemin.name)
    except FichierRefuse:
        return
    assert sum(bloc.height for bloc in table.blocs()) == octets.count(b"\n")


def test_an_open_quote_never_swallows_the_next_line() -> None:
    assert list(couper(['1;"x;3', '2;"y;3', '3;"z";4'], ";")) == [(1, ["1", '"x', "3"]), (2, ["2", '"y', "3"]), (3, ["3", "z", "4"])]


def test_a_later_accent_decides_the_encoding_of_a_large_file(tmp_path: Path) -> None:
    chemin = tmp_path / "tardif.csv"
    lignes = ["12/03/2025;Ramette A4;40;154,00"] * 60_000 + ["12/03/2025;Crème à récurer;2;9,90"]
    chemin.write_bytes(("Date;Designation;Quantite;Montant HT\n" + "\n".join(lignes)).encode("mac-roman"))
    assert observer(chemin).encodage == "mac-roman"
    [table] = lire_texte(chemin, chemin.name, en_memoire=0)
    assert pl.concat(list(table.blocs()))["Designation"][-1] == "Crème à récurer"


def test_blocks_can_be_read_twice(tmp_path: Path) -> None:
    chemin = tmp_path / "achats.csv"
    ecrire(chemin, [("2025-03-12", "Ramette", "40", "154.00")] * 3, ";", "utf-8")
    [table] = lire_texte(chemin, chemin.name, en_memoire=0)
    assert [b.height for b in table.blocs()] == [b.height for b in table.blocs()] == [3]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Désignation;Prix\nVis 3,5 x 30;1,25\nÉcrou 4,2;0,80", ";"),
        ("Désignation,Prix\nVis,1.25\nÉcrou,0.80", ","),
        ("Désignation\tPrix\nVis, écrou; clou\t1,25\nÉcrou\t0,80", "\t"),
        ("Désignation|Prix\nVis|1,25", "|"),
        ("Un texte qui parle, de choses\net d'autres\nsans tableau", None),
    ],
)
def test_separator_is_the_one_that_makes_lines_alike(texte: str, attendu: str | None) -> None:
    assert choisir_separateur(texte.split("\n")) == attendu


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(octets=st.one_of(st.binary(max_size=400), st.text(st.sampled_from('ab1;,\t|"\r\n\x00é '), max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, octets: bytes) -> None:
    chemin = tmp_path / "nimporte.quoi"
    chemin.write_bytes(octets)
    try:
        tables = lire(chemin, chemin.name)
    except FichierRefuse:
        return
    assert sum(bloc.height for table in tables for bloc in table.blocs()) >= 1
    assert all(len(table.entetes) >= 2 for table in tables)
