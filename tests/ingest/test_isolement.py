"""Isolation: whatever the reading function does, the caller gets its result or a sentence."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from ingest.erreurs import FichierRefuse, Refus
from ingest.isolement import Atelier, Avancement, Limites, Reserve, executer

COURTES = Limites(memoire_octets=2 << 30, duree_s=1)


def doubler(nombre: int) -> int:
    return nombre * 2


def mourir() -> None:
    os.abort()


def sortir() -> None:
    os._exit(0)


def dormir() -> None:
    time.sleep(30)


def devorer() -> int:
    return len(bytearray(8 << 30))


def refuser() -> None:
    raise FichierRefuse("Ce fichier ne va pas.")


def fauter() -> None:
    raise ZeroDivisionError("faute de programmeur")


def avancer(avancement: Avancement) -> str:
    for rang in range(3):
        avancement(rang, 3)
    return "fini"


def avancer_longtemps(avancement: Avancement) -> None:
    avancement(0, None)
    time.sleep(60)


def deplier_puis_mourir(temoin: Path) -> None:
    dossier = tempfile.mkdtemp()
    temoin.write_text(dossier)
    os.abort()


def rendre_impassable() -> object:
    return lambda: None


def numero_de_processus() -> int:
    return os.getpid()


def test_the_result_comes_back_from_another_process() -> None:
    assert executer(doubler, 21) == 42
    assert executer(numero_de_processus) != os.getpid()


@pytest.mark.parametrize("fonction", [mourir, sortir])
def test_a_death_is_a_sentence(fonction: object) -> None:
    with pytest.raises(FichierRefuse, match="La lecture de ce fichier a été arrêtée"):
        executer(fonction, limites=COURTES)  # type: ignore[arg-type]


def test_too_much_memory_is_a_sentence() -> None:
    with pytest.raises(FichierRefuse, match="mémoire"):
        executer(devorer, limites=COURTES)


def test_too_long_is_a_sentence() -> None:
    with pytest.raises(FichierRefuse, match="1 seconde"):
        executer(dormir, limites=COURTES)


def test_a_refusal_keeps_its_words_and_a_mistake_crashes_loudly() -> None:
    with pytest.raises(Refus, match="Ce fichier ne va pas"):
        executer(refuser)
    with pytest.raises(ZeroDivisionError, match="programmeur"):
        executer(fauter)


def test_progress_crosses_the_wall() -> None:
    recues: list[tuple[int, int | None]] = []
    assert executer(avancer, avancement=lambda faites, total: recues.append((faites, total))) == "fini"
    assert recues == [(0, 3), (1, 3), (2, 3)]


def test_raising_in_the_progress_callback_cancels_the_work() -> None:
    class Annule(Exception):
        pass

    def annuler(faites: int, total: int | None) -> None:
        raise Annule

    with pytest.raises(Annule):
        executer(avancer_longtemps, avancement=annuler)


def test_what_a_killed_child_unpacked_goes_with_it(tmp_path: Path) -> None:
    temoin = tmp_path / "temoin"
    with pytest.raises(FichierRefuse):
        executer(deplier_puis_mourir, temoin, limites=COURTES)
    assert not Path(temoin.read_text()).exists()


def test_a_result_that_cannot_cross_is_a_mistake() -> None:
    with pytest.raises(Exception, match=r"lambda|local object|pickle"):
        executer(rendre_impassable)


def test_a_workshop_keeps_its_child_until_it_dies() -> None:
    with Atelier(COURTES) as atelier:
        premier = atelier.executer(numero_de_processus)
        assert atelier.executer(numero_de_processus) == premier
        with pytest.raises(FichierRefuse, match="ne va pas"):
            atelier.executer(refuser)
        assert atelier.executer(numero_de_processus) == premier
        with pytest.raises(FichierRefuse, match="arrêtée"):
            atelier.executer(mourir)
        second = atelier.executer(numero_de_processus)
        with pytest.raises(FichierRefuse, match="1 seconde"):
            atelier.executer(dormir)
        troisieme = atelier.executer(numero_de_processus)
    assert len({premier, second, troisieme}) == 3


def test_a_workshop_changes_its_child_now_and_then() -> None:
    with Atelier(COURTES, taches_max=2) as atelier:
        numeros = [atelier.executer(numero_de_processus) for _ in range(4)]
    assert numeros[0] == numeros[1] != numeros[2] == numeros[3]


def test_a_hostile_workbook_does_not_kill_the_caller(tmp_path: Path) -> None:
    """One cell at the last corner of a sheet that declares nothing: reading it asks for hundreds of gigabytes."""
    import zipfile

    import openpyxl

    from tests.ingest.lecture.fuzz import compter_lignes

    classeur = openpyxl.Workbook()
    classeur.active["A1"] = "Désignation"
    classeur.active["XFD1048576"] = "x"
    classeur.save(tmp_path / "c.xlsx")
    hostile = tmp_path / "hostile.xlsx"
    with zipfile.ZipFile(tmp_path / "c.xlsx") as lu, zipfile.ZipFile(hostile, "w") as ecrit:
        for nom in lu.namelist():
            ecrit.writestr(nom, lu.read(nom).replace(b'<dimension ref="A1:XFD1048576"/>', b""))
    with pytest.raises(FichierRefuse):
        executer(compter_lignes, hostile)


def test_a_reserve_keeps_its_child_warm_but_not_after_something_large_nor_for_other_limits() -> None:
    reserve = Reserve(lourd_octets=1000)
    try:
        premier = reserve.executer(numero_de_processus)
        assert reserve.executer(numero_de_processus, taille_octets=1000) == premier
        assert reserve.executer(numero_de_processus, limites=COURTES) != premier
        assert reserve.executer(numero_de_processus, taille_octets=1001) == premier
        assert reserve.executer(numero_de_processus) != premier
    finally:
        reserve.fermer()


def test_a_death_in_a_reserve_is_a_sentence_and_the_next_work_is_done() -> None:
    reserve = Reserve()
    try:
        with pytest.raises(FichierRefuse):
            reserve.executer(mourir)
        assert reserve.executer(doubler, 21) == 42
    finally:
        reserve.fermer()
