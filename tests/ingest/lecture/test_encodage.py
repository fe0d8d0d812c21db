"""Encodings: short French samples written under each encoding are recognised."""

import pytest

from ingest.lecture.encodage import choisir_encodage, longueur_bom

PHRASES = (
    "Fournitures de bureau pour l'école élémentaire",
    "DÉSIGNATION;QUANTITÉ;UNITÉ;MONTANT À PAYER",
    "Crème de gruyère râpée, pâté, maïs, œufs frais",
    "Règlement n° 12 : 3,50 € l'unité",
    "Château d'eau, forêt communale, août",
    "Garçon de café, reçu à Noël, où l'âne brait",
)


@pytest.mark.parametrize("encodage", ["utf-8", "cp1252", "mac-roman", "cp850", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("phrase", PHRASES)
def test_short_samples_are_recognised(phrase: str, encodage: str) -> None:
    octets = phrase.encode(encodage, errors="ignore")
    lu = choisir_encodage(octets)
    assert octets.decode(lu) == octets.decode(encodage)


@pytest.mark.parametrize("phrase", ["Coût : 12 € la pièce", "Cœur de laitue, 3 € pièce", "Œufs frais, désinfectant"])
def test_latin9_is_told_from_cp1252_by_the_euro_and_the_oe(phrase: str) -> None:
    assert phrase.encode("iso-8859-15").decode(choisir_encodage(phrase.encode("iso-8859-15"))) == phrase


def test_plain_ascii_waits_for_a_later_passage() -> None:
    assert choisir_encodage(b"Date;Libelle\n") == "utf-8"
    assert choisir_encodage(b"Date;Libelle\n", ["Pâtes à l'épeautre".encode("cp1252")]) == "cp1252"


def test_a_character_cut_by_the_end_of_the_sample_is_still_utf8() -> None:
    assert choisir_encodage("été à l'école é".encode()[:-1]) == "utf-8"


def test_marks_decide_at_once() -> None:
    assert choisir_encodage(b"\xef\xbb\xbfabc") == "utf-8"
    assert longueur_bom(b"\xef\xbb\xbfabc") == 3
    assert choisir_encodage(b"\xff\xfea\x00") == "utf-16-le"
    assert longueur_bom(b"abc") == 0
