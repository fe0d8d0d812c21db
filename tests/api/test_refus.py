"""What cannot be read is refused by one French sentence, by the command and by the page, and leaves nothing behind but the journal."""

import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from api.cli.application import executer
from api.club.modeles import Base
from api.maison import Maison, maison_ouverte
from api.settings import Settings
from ingest.vocabulaire import Role
from tests.api.outils import FLEAC, ecrire, ligne, peupler
from tests.api.pages.navigateur import Navigateur

ENTETE = ["Date", "Fournisseur", "Désignation", "Quantité", "PU HT", "Montant HT"]
BRUIT = bytes((137 * rang * rang + 91 * rang) % 251 for rang in range(3000))
TRACES = frozenset({"journal", "essais_connexion", "sessions", "comptes"})


def png() -> bytes:
    def morceau(genre: bytes, octets: bytes) -> bytes:
        return struct.pack(">I", len(octets)) + genre + octets + struct.pack(">I", zlib.crc32(genre + octets))

    entete = morceau(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + entete + morceau(b"IDAT", zlib.compress(bytes(14))) + morceau(b"IEND", b"")


def classeur(*lignes: list[str]) -> bytes:
    livre, sortie = openpyxl.Workbook(), io.BytesIO()
    for rangee in lignes:
        livre.active.append(rangee)
    livre.save(sortie)
    return sortie.getvalue()


def archive(nom: str, octets: bytes) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as ecrite:
        ecrite.writestr(nom, octets)
    return sortie.getvalue()


REFUSES: dict[str, tuple[bytes, str]] = {
    "vide.csv": (b"", "est vide"),
    "blanc.csv": (b"\n \n", "est vide"),
    "photo.csv": (png(), "est une image"),
    "bruit.csv": (BRUIT, "pas reconnu|ne ressemble pas|abîmé"),
    "sans_ligne.csv": (";".join(ENTETE).encode("cp1252") + b"\r\n", "aucune ligne d'achat"),
    "sans_ligne.xlsx": (classeur(ENTETE), "aucune ligne d'achat"),
    "coupe.xlsx": (classeur(ENTETE)[:3000], "incomplet ou abîmé"),
    "prose.txt": (b"Bonjour,\nvoici nos achats.\nCordialement\n", "seule colonne"),
    "enfle.xml": (b'<!DOCTYPE a [<!ENTITY b "cc">]><Invoice>&b;</Invoice>', "par sécurité"),
    "enfle.zip": (archive("a.csv", bytes(120_000_000)), "par sécurité|taille"),
}


@pytest.fixture
def maison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Maison]:
    monkeypatch.setenv("MERCURIALE_DONNEES", str(tmp_path / "donnees"))
    with maison_ouverte(Settings(), creer=True) as ouverte:
        peupler(ouverte)
        yield ouverte


def etat(maison: Maison) -> object:
    """Every file of the data directory, every row but the traces of who came."""
    fichiers = sorted(str(chemin.relative_to(maison.donnees)) for chemin in maison.donnees.rglob("*") if "club.sqlite" not in chemin.name)
    with maison.club.lecture() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in TRACES]
        return fichiers, {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables if table.name != "taches"}


def une_phrase(texte: str) -> bool:
    return len(texte) < 400 and not re.search(r"Traceback|Error|errno|None|null|UTF|encod|parse", texte)


def test_the_command_refuses_each_by_a_sentence_and_keeps_nothing(
    maison: Maison, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    avant = etat(maison)
    for nom, (octets, _) in REFUSES.items():
        (tmp_path / nom).write_bytes(octets)
    code = executer(["import", *(str(tmp_path / nom) for nom in REFUSES), str(tmp_path / "absent.csv"), str(tmp_path), "--membre", FLEAC])
    lu = capsys.readouterr()
    phrases = lu.err.splitlines()
    assert (code, lu.out, len(phrases)) == (2, "", len(REFUSES) + 2)
    for (nom, (_, attendu)), phrase in zip(REFUSES.items(), phrases, strict=False):
        assert nom in phrase
        assert re.search(attendu, phrase), phrase
    assert all(une_phrase(phrase) for phrase in phrases), phrases
    assert etat(maison) == avant


def test_the_page_refuses_each_by_the_same_sentence(maison: Maison) -> None:
    secretaire = Navigateur(maison, Role.SECRETAIRE, FLEAC)
    avant = etat(maison)
    for nom, (octets, attendu) in REFUSES.items():
        vu = secretaire.deposer((nom, octets))
        assert secretaire.reponse.status_code == 422, nom
        assert re.search(attendu, vu.replace("’", "'")), (nom, vu)
    assert etat(maison) == avant


@pytest.mark.parametrize("membre", ["211601381", "abc", "356000000", ""])
def test_a_wrong_siren_is_refused_by_the_page_too(maison: Maison, membre: str) -> None:
    animatrice = Navigateur(maison, Role.ANIMATRICE)
    avant = etat(maison)
    animatrice.envoyer("/depots", {"membre": membre}, [("fichiers", ("a.csv", b"a;b\n1;2\n"))])
    assert animatrice.reponse.status_code in (404, 422)
    assert etat(maison) == avant


@pytest.mark.parametrize(
    ("dit", "attendu"),
    [
        ("database or disk is full", "Le disque est plein"),
        ("attempt to write a readonly database", "ne peut pas être modifié"),
        ("unable to open database file", "ne peut pas être modifié"),
        ("database is locked", "Recommencez dans un instant"),
    ],
)
def test_a_store_that_cannot_be_written_is_a_sentence(
    maison: Maison, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], dit: str, attendu: str
) -> None:
    def refuser(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError(dit))

    monkeypatch.setattr("sqlalchemy.orm.Session.flush", refuser)
    assert executer(["init", "--epci", "Grand Cognac"]) == 2
    assert attendu in capsys.readouterr().err


def test_a_full_disk_while_building_leaves_the_former_observatoire(
    maison: Maison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ecrire(tmp_path / "a.csv", [ligne("12/03/2025", "RAMETTE A4 80G 500 FEUILLES", 10, "3,50")])
    assert executer(["import", str(tmp_path / "a.csv"), "--membre", FLEAC]) == 0
    assert executer(["build"]) == 0
    avant = maison.observatoire.read_bytes()

    def deborder(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)")

    monkeypatch.setattr("api.services.observatoire.build", deborder)
    capsys.readouterr()
    assert executer(["build"]) == 2
    assert "le disque est plein. Le précédent reste en place" in capsys.readouterr().err
    assert maison.observatoire.read_bytes() == avant


@pytest.mark.parametrize("annoncee", [True, False])
def test_too_large_an_upload_is_a_french_page_with_the_headers_of_all_pages(tmp_path: Path, annoncee: bool) -> None:
    with maison_ouverte(Settings(donnees=tmp_path, taille_max_fichier=1000), creer=True) as maison:
        peupler(maison)
        secretaire = Navigateur(maison, Role.SECRETAIRE, FLEAC)
        corps = b'--x\r\nContent-Disposition: form-data; name="fichiers"; filename="a.csv"\r\n\r\n' + bytes(2_000_000) + b"\r\n--x--\r\n"
        morceaux = corps if annoncee else (corps[debut : debut + 65536] for debut in range(0, len(corps), 65536))
        reponse = secretaire.client.post("/depots", content=morceaux, headers={"content-type": "multipart/form-data; boundary=x"})
        assert reponse.status_code == 413
        assert "Ce que vous envoyez est trop volumineux." in reponse.text
        assert "default-src 'none'" in reponse.headers["content-security-policy"]
        assert list((maison.donnees / "depots").iterdir()) == []


def test_a_second_import_does_not_ask_twice_to_correct(maison: Maison, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    juste = ligne("12/03/2025", "RAMETTE A4 80G 500 FEUILLES", 10, "3,50")
    ecrire(tmp_path / "a.csv", [juste, "31/02/2025;MARTIN;;STYLO;2;u;1,00;2,00;20"])
    codes = [executer(["import", str(tmp_path / "a.csv"), "--membre", FLEAC]) for _ in range(2)]
    premier, second = capsys.readouterr().out.split("D0002")
    assert codes == [1, 0]
    assert "À corriger : " in premier
    assert "À corriger : " not in second
    assert "2 identiques" in second
