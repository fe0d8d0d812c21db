import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from api.club.modeles import EtatGroupement
from api.maison import Maison, maison_ouverte
from api.services import actes, exports, groupements, imports, observatoire
from api.services.groupements import Projet
from api.settings import Settings
from api.visiteur import AccesRefuse, Introuvable
from ingest.erreurs import Refus
from tests.api.outils import ANGOULEME, CLAVIER, FLEAC, MORNAC, TOUVRE, ecrire, ligne, peupler, secretaire

JOUR = date(2026, 11, 22)
PROJET = Projet("l’achat de papier", ("AD01",), (ANGOULEME, FLEAC, MORNAC), ANGOULEME, JOUR)


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path / "donnees"), creer=True) as ouverte:
        peupler(ouverte)
        for rang, siren in enumerate((ANGOULEME, FLEAC, MORNAC)):
            lignes = [
                ligne(
                    f"15/{mois:02d}/2025", "RAMETTE A4 80G 500 FEUILLES", 10 * (rang + 1), f"3,{40 + rang}0", f"PAPIER {(rang + mois) % 3}"
                )
                for mois in range(1, 13)
            ]
            imports.importer(ouverte, CLAVIER, siren, ecrire(tmp_path / f"achats_{rang}.csv", lignes))
        observatoire.construire(ouverte)
        yield ouverte


def test_a_groupement_is_formed_from_the_besoins_of_its_membres(maison: Maison) -> None:
    forme = groupements.former(maison, CLAVIER, PROJET)
    donnees = groupements.donnees_de(maison, CLAVIER, forme.id)
    assert (forme.id, forme.etat, forme.version) == ("G1", EtatGroupement.PROJET, 1)
    assert {membre.siren for membre in donnees.membres} == set(PROJET.membres)
    (poste,) = donnees.postes
    assert (poste.unite, donnees.quantite(poste.code)) == ("ramette de 500 feuilles", Decimal(720))
    assert donnees.montant_annuel() == sum(donnees.montant_annuel(membre=siren) for siren in PROJET.membres)


def test_the_numbers_of_groupements_follow_each_other(maison: Maison) -> None:
    assert [groupements.former(maison, CLAVIER, PROJET).id for _ in range(2)] == ["G1", "G2"]


@pytest.mark.parametrize(
    ("change", "attendu"),
    [
        ({"membres": (ANGOULEME, "356000000")}, "Aucun membre du club n'a le SIREN 356000000"),
        ({"familles": ("XX99",)}, "."),
        ({"coordonnateur": TOUVRE}, "."),
        ({"duree_marche_mois": 72}, "."),
    ],
)
def test_what_cannot_be_formed_is_refused_and_leaves_nothing(maison: Maison, change: dict[str, object], attendu: str) -> None:
    with pytest.raises(Refus, match=attendu):
        groupements.former(maison, CLAVIER, replace(PROJET, **change))
    assert groupements.lister(maison, CLAVIER) == []


def test_acts_are_drafted_from_the_frozen_data_and_found_by_their_name(maison: Maison, tmp_path: Path) -> None:
    groupements.former(maison, CLAVIER, PROJET)
    for genre in actes.REDACTEURS:
        assert actes.rediger(maison, CLAVIER, "G1", genre)
        actes.rediger(maison, CLAVIER, "G1", genre)
    noms = [document.nom for document in actes.documents(maison, CLAVIER, "G1")]
    assert len(noms) == len(set(noms))
    convention = next(nom for nom in noms if nom.startswith("convention") and nom.endswith(".docx"))
    texte = "\n".join(paragraphe.text for paragraphe in Document(str(actes.chemin_document(maison, CLAVIER, "G1", convention))).paragraphs)
    assert "Angoulême" in texte
    assert "L2113-6" in re.sub(r"[\s.]", "", texte.replace("\u2011", "-"))
    copies = actes.rediger_dans(maison, CLAVIER, "G1", "convention", tmp_path / "actes")
    assert {copie.suffix for copie in copies} == {".docx", ".pdf"}


def test_only_the_membres_of_a_groupement_see_it(maison: Maison) -> None:
    groupements.former(maison, CLAVIER, PROJET)
    actes.rediger(maison, CLAVIER, "G1", actes.CONVENTION)
    dedans, dehors = secretaire(FLEAC), secretaire(TOUVRE)
    assert [vu.id for vu in groupements.lister(maison, dedans)] == ["G1"]
    assert actes.documents(maison, dedans, "G1")
    assert groupements.lister(maison, dehors) == []
    for geste in (groupements.groupement, groupements.donnees_de, groupements.adhesions, groupements.etapes, actes.documents):
        with pytest.raises(Introuvable):
            geste(maison, dehors, "G1")
    with pytest.raises(AccesRefuse):
        actes.rediger(maison, dedans, "G1", actes.CONVENTION)
    with pytest.raises(AccesRefuse):
        groupements.former(maison, dedans, PROJET)


def test_states_follow_the_protocol_and_going_back_needs_a_reason(maison: Maison) -> None:
    groupements.former(maison, CLAVIER, PROJET)
    with pytest.raises(Refus, match="suivez les étapes"):
        groupements.changer_etat(maison, CLAVIER, "G1", EtatGroupement.CONSTITUE)
    groupements.changer_etat(maison, CLAVIER, "G1", EtatGroupement.EN_DELIBERATION)
    with pytest.raises(Refus, match="raison"):
        groupements.changer_etat(maison, CLAVIER, "G1", EtatGroupement.PROJET)
    groupements.changer_etat(maison, CLAVIER, "G1", EtatGroupement.PROJET, "Fléac a changé ses quantités.")
    assert [etape.etat for etape in groupements.etapes(maison, CLAVIER, "G1")] == ["projet", "en_deliberation", "projet"]


def test_data_are_frozen_again_before_the_consultation_and_never_after(maison: Maison) -> None:
    groupements.former(maison, CLAVIER, PROJET)
    avant = groupements.donnees_de(maison, CLAVIER, "G1")
    groupements.refiger(maison, CLAVIER, "G1", lambda donnees: replace(donnees, observations="Livraison en mairie."))
    apres = groupements.donnees_de(maison, CLAVIER, "G1")
    assert (apres.version, apres.observations, apres.besoins) == (2, "Livraison en mairie.", avant.besoins)
    for etat in (EtatGroupement.EN_DELIBERATION, EtatGroupement.CONSTITUE, EtatGroupement.EN_CONSULTATION):
        groupements.changer_etat(maison, CLAVIER, "G1", etat)
    with pytest.raises(Refus, match="ne changent plus"):
        groupements.refiger(maison, CLAVIER, "G1", lambda donnees: donnees)


def test_a_membre_writes_down_its_own_vote_only_and_dates_follow_each_other(maison: Maison) -> None:
    groupements.former(maison, CLAVIER, PROJET)
    groupements.noter_adhesion(maison, secretaire(FLEAC), "G1", FLEAC, deliberee_le=date(2027, 1, 15), executoire_le=date(2027, 1, 20))
    with pytest.raises(Introuvable):
        groupements.noter_adhesion(maison, secretaire(FLEAC), "G1", MORNAC, deliberee_le=date(2027, 1, 15))
    with pytest.raises(Refus, match="se suivre"):
        groupements.noter_adhesion(maison, CLAVIER, "G1", FLEAC, executoire_le=date(2027, 1, 1))
    suivies = {membre.siren: adhesion.executoire_le for adhesion, membre in groupements.adhesions(maison, CLAVIER, "G1")}
    assert suivies == {ANGOULEME: None, FLEAC: date(2027, 1, 20), MORNAC: None}


def test_groupements_are_exported_membre_by_membre(maison: Maison, tmp_path: Path) -> None:
    groupements.former(maison, CLAVIER, PROJET)
    assert exports.exporter(maison, CLAVIER, "groupements", "csv", tmp_path / "g.csv") == 3
    assert exports.exporter(maison, secretaire(TOUVRE), "lignes", "csv", tmp_path / "l.csv") == 0
