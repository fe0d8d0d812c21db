import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from api import taches
from api.club.magasin import maintenant
from api.club.modeles import EtatTache, Tache
from api.maison import Maison, maison_ouverte
from api.settings import Settings
from api.taches import bail, travail, travailleur
from api.visiteur import Introuvable, Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import Role

CLAVIER = Visiteur.au_clavier()


@pytest.fixture
def maison(tmp_path: Path) -> Iterator[Maison]:
    with maison_ouverte(Settings(donnees=tmp_path), creer=True) as ouverte:
        yield ouverte


def compter(maison: Maison, tache: Tache, suivi: travail.Suivi) -> dict[str, object]:
    trace = maison.donnees / "trace"
    for rang in range(tache.parametres["jusqu_a"]):
        suivi(rang, tache.parametres["jusqu_a"], "comptage")
        with trace.open("a") as fichier:
            fichier.write(f"{os.getpid()}\n")
        time.sleep(tache.parametres.get("pause", 0))
    return {"compte": tache.parametres["jusqu_a"]}


@pytest.fixture(autouse=True)
def un_genre_d_essai(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuser(maison: Maison, tache: Tache, suivi: travail.Suivi) -> dict[str, object]:
        raise Refus("Ce fichier est une image.")

    def planter(maison: Maison, tache: Tache, suivi: travail.Suivi) -> dict[str, object]:
        raise ZeroDivisionError

    genres = {**travail.GENRES, "compter": compter, "refuser": refuser, "planter": planter}
    monkeypatch.setattr(travail, "GENRES", genres)
    monkeypatch.setattr(travailleur, "PAS_DE_PROGRES_S", 0.0)


def relire(maison: Maison, tache: Tache) -> Tache:
    return taches.voir(maison, CLAVIER, tache.id)


def test_a_work_is_done_once_and_keeps_its_result(maison: Maison) -> None:
    tache = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 3})
    assert travailleur.travailler_une_fois(maison)
    assert not travailleur.travailler_une_fois(maison)
    finie = relire(maison, tache)
    assert (finie.etat, finie.resultat, finie.essais) == (EtatTache.TERMINEE, {"compte": 3}, 1)


def test_the_same_work_asked_twice_while_waiting_is_one(maison: Maison) -> None:
    premiere = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 3})
    assert taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 3}).id == premiere.id
    assert taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 4}).id != premiere.id


def test_a_refusal_is_shown_as_its_sentence_and_a_fault_as_an_apology(maison: Maison) -> None:
    refusee = taches.creer(maison, CLAVIER, "refuser", {})
    fautive = taches.creer(maison, CLAVIER, "planter", {})
    while travailleur.travailler_une_fois(maison):
        pass
    assert (relire(maison, refusee).etat, relire(maison, refusee).message) == (EtatTache.ECHOUEE, "Ce fichier est une image.")
    assert relire(maison, fautive).etat == EtatTache.ECHOUEE
    assert "ZeroDivision" not in (relire(maison, fautive).message or "")


def test_a_waiting_work_is_cancelled_at_once_and_a_running_one_at_its_next_sign_of_life(maison: Maison) -> None:
    attente = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 3})
    assert taches.annuler(maison, CLAVIER, attente.id).etat == EtatTache.ANNULEE
    assert not travailleur.travailler_une_fois(maison)

    tache = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 2})
    prise = bail.prendre(maison, "moi")
    assert prise is not None
    taches.annuler(maison, CLAVIER, tache.id)
    with pytest.raises(bail.TacheAnnulee):
        bail.prolonger(maison, prise, fait=1)


def test_a_dead_worker_loses_its_work_to_another_three_times_at_most(maison: Maison) -> None:
    tache = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 1})
    for essai in range(1, bail.ESSAIS + 1):
        mort = bail.prendre(maison, f"mort {essai}")
        assert mort is not None
        assert bail.prendre(maison, "vivant") is None, "the lease still runs"
        _faire_expirer(maison)
        if essai == 1:
            assert travailleur.travailler_une_fois(maison)
            with pytest.raises(bail.TachePerdue):
                bail.prolonger(maison, mort, fait=1)
            tache = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 1, "encore": True})
            continue
    encore = bail.prendre(maison, "mort encore")
    _faire_expirer(maison)
    assert encore is not None
    assert bail.prendre(maison, "vivant") is None
    assert relire(maison, tache).etat == EtatTache.ECHOUEE


def _faire_expirer(maison: Maison) -> None:
    with maison.club.ecriture() as session:
        session.execute(update(Tache).where(Tache.etat == EtatTache.EN_COURS).values(bail_jusqu_a=maintenant() - timedelta(seconds=1)))


def _enfant(settings: Settings) -> None:
    travail.GENRES = {"compter": compter}  # type: ignore[assignment]
    travailleur.travailler_toujours(settings)


def test_a_killed_worker_s_work_is_finished_by_another_process(maison: Maison) -> None:
    tache = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 40, "pause": 0.05})
    contexte = multiprocessing.get_context("fork")
    premier = contexte.Process(target=_enfant, args=(maison.settings,))
    premier.start()
    _attendre(lambda: relire(maison, tache).fait > 3)
    os.kill(premier.pid or 0, signal.SIGKILL)
    premier.join()
    assert relire(maison, tache).etat == EtatTache.EN_COURS
    _faire_expirer(maison)
    second = contexte.Process(target=_enfant, args=(maison.settings,))
    second.start()
    try:
        _attendre(lambda: relire(maison, tache).etat == EtatTache.TERMINEE)
    finally:
        os.kill(second.pid or 0, signal.SIGTERM)
        second.join()
    assert relire(maison, tache).essais == 2


def _attendre(condition: object, secondes: float = 20.0) -> None:
    fin = time.monotonic() + secondes
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < fin, "nothing came"
        time.sleep(0.05)


def test_two_workers_never_take_the_same_work(maison: Maison) -> None:
    for rang in range(10):
        taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 1, "rang": rang})
    prises = [bail.prendre(maison, f"travailleur {rang % 2}") for rang in range(11)]
    identifiants = [prise.id for prise in prises if prise]
    assert len(identifiants) == len(set(identifiants)) == 10


def test_a_membre_sees_its_own_works_only(maison: Maison) -> None:
    secretaire = Visiteur(compte=1, email="s@fleac.fr", nom="S", role=Role.SECRETAIRE, membre="211601380")
    autre = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 1}, membre="211600150")
    sienne = taches.creer(maison, CLAVIER, "compter", {"jusqu_a": 1}, membre="211601380")
    with pytest.raises(Introuvable):
        taches.voir(maison, secretaire, autre.id)
    with pytest.raises(Introuvable):
        taches.annuler(maison, secretaire, autre.id)
    assert [tache.id for tache in taches.en_cours(maison, secretaire)] == [sienne.id]


def test_the_time_left_follows_the_pace(maison: Maison) -> None:
    tache = Tache(etat=EtatTache.EN_COURS, fait=250, total=1000, commencee_le=maintenant() - timedelta(seconds=10))
    restant = taches.temps_restant(tache)
    assert restant is not None
    assert 29 <= restant.total_seconds() <= 34
    assert taches.temps_restant(Tache(etat=EtatTache.EN_COURS, fait=0, total=None, commencee_le=maintenant())) is None
