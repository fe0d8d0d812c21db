"""The page of an article under concurrent readers, beside a static page of the same size; kept or computed, with and without a build.

    python -m tests.mesures.page_article [--lecteurs 20] [--duree 10] [--lignes 100000] [--tours 3] [--dossier DOSSIER]

Issue 5: throughput at least 1/5 of the static page and 99th percentile at most 6 times; at most 1.5 times when kept in memory; no worse
than twice that while a build is running.
"""

import argparse
import multiprocessing
import socket
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from statistics import median
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from analytics import construction, entrepot
from api import porte
from api.app import create_app
from api.maison import Maison, maison_ouverte
from api.services import comptes, connexion, membres
from api.services.membres import NouveauMembre
from api.settings import Settings
from api.visiteur import Visiteur
from ingest.vocabulaire import NatureMembre, Role
from tests.mesures.banc import dans_un_processus, presenter
from tests.mesures.charge import Attente, charger, jamais_deux_fois, toujours
from tests.mesures.depots import Monde, ecrire_monde

NB_LIBELLES = 2_000
MOT_DE_PASSE = "une phrase assez longue"


def servir_statique(prise: socket.socket, octets: int) -> None:
    """A page that is nothing but its bytes."""
    app = FastAPI(openapi_url=None)
    corps = b"<!doctype html>" + b"x" * (octets - 15)
    app.get("/")(lambda: HTMLResponse(corps))
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[prise])


def servir_maison(prise: socket.socket, donnees: Path) -> None:
    """The application, as `mercuriale serve` runs it."""
    with maison_ouverte(Settings(donnees=donnees)) as maison:
        configuration = uvicorn.Config(create_app(maison.settings, maison), log_level="warning", proxy_headers=False, server_header=False)
        uvicorn.Server(configuration).run(sockets=[prise])


@contextmanager
def service(cible: Callable[..., None], *arguments: Any) -> Any:
    """A service in a process of its own; gives its port."""
    prise = socket.create_server(("127.0.0.1", 0))
    processus = multiprocessing.get_context("spawn").Process(target=cible, args=(prise, *arguments))
    processus.start()
    try:
        yield prise.getsockname()[1]
    finally:
        _terminer(processus)
        prise.close()


def construire_sans_cesse(monde: Monde, chemin: Path) -> None:
    """Build over the observatoire that is being read, again and again: one dépôt comes and goes."""
    tour = 0
    while True:
        construction.build(monde.sources(avec_nouveau=tour % 2 == 0), chemin)
        tour += 1


def preparer(maison: Maison, monde: Monde, nb_lecteurs: int) -> list[str]:
    """The club of these dépôts, its observatoire, and the session cookies of as many secrétaires."""
    clavier = Visiteur.au_clavier()
    communes = [NouveauMembre(siren, f"Commune {siren}", NatureMembre.COMMUNE, None, 1500) for siren in monde.membres]
    membres.ajouter(maison, clavier, communes)
    if not maison.observatoire.exists():
        dans_un_processus(partial(construction.build, monde.sources(), maison.observatoire))
    cookies = []
    for rang in range(nb_lecteurs):
        email = f"lectrice{rang}@essai.fr"
        siren = monde.membres[rang % len(monde.membres)]
        comptes.creer_compte(maison, clavier, email=email, nom="Lectrice", role=Role.SECRETAIRE, membre=siren, mot_de_passe=MOT_DE_PASSE)
        cookies.append(f"{porte.COOKIE}={connexion.connecter(maison, email, MOT_DE_PASSE, adresse='192.0.2.1')}")
    return cookies


def choisir_articles(observatoire: Path) -> list[str]:
    """The addresses of the articles, the one most people buy first."""
    with entrepot.lecture(observatoire) as curseur:
        lus = curseur.sql("SELECT article_id FROM articles ORDER BY nb_membres DESC, nb_lignes DESC, article_id").fetchall()
    return [f"/observatoire/articles/{article}" for (article,) in lus]


def mesurer(donnees: Path, monde: Monde, cookies: list[str], duree_s: float, tours: int) -> dict[str, list[Attente]]:
    chemins = choisir_articles(donnees / "observatoire.duckdb")
    chemin = chemins[0]
    noms = ("statique", "calculée", "retenue", "retenue, pendant une construction", "calculée, pendant une construction")
    attentes: dict[str, list[Attente]] = {nom: [] for nom in noms}
    with service(servir_maison, donnees) as port:
        octets = charger(port, toujours(chemin), cookies, 1.0).octets
        jamais = jamais_deux_fois(chemins)
        with service(servir_statique, octets) as port_statique:
            charger(port_statique, toujours("/"), cookies, 1.0)
            for _ in range(tours):
                attentes["statique"].append(charger(port_statique, toujours("/"), cookies, duree_s))
                attentes["calculée"].append(charger(port, jamais, cookies, duree_s))
                charger(port, toujours(chemin), cookies, 1.0)
                attentes["retenue"].append(charger(port, toujours(chemin), cookies, duree_s))
            construction = multiprocessing.get_context("spawn").Process(
                target=construire_sans_cesse, args=(monde, donnees / "observatoire.duckdb")
            )
            construction.start()
            try:
                charger(port, toujours(chemin), cookies, 3.0)  # the time of its imports
                for _ in range(tours):
                    attentes["retenue, pendant une construction"].append(charger(port, toujours(chemin), cookies, duree_s))
                    attentes["calculée, pendant une construction"].append(charger(port, jamais, cookies, duree_s))
            finally:
                _terminer(construction)
    return attentes


def _terminer(processus: BaseProcess) -> None:
    processus.terminate()
    processus.join(10)
    if processus.is_alive():
        processus.kill()
        processus.join()


def main() -> None:
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--lecteurs", type=int, default=20)
    analyseur.add_argument("--duree", type=float, default=10, help="secondes par mesure")
    analyseur.add_argument("--lignes", type=int, default=100_000)
    analyseur.add_argument("--tours", type=int, default=3)
    analyseur.add_argument("--dossier", type=Path, help="où garder les dépôts d'essai d'une fois sur l'autre")
    choix = analyseur.parse_args()
    with tempfile.TemporaryDirectory() as provisoire:
        dossier = choix.dossier or Path(provisoire)
        depots = dossier / f"{choix.lignes}-{NB_LIBELLES}"
        monde: Monde = dans_un_processus(partial(ecrire_monde, depots, choix.lignes, NB_LIBELLES, 5_000)).resultat
        donnees = Path(provisoire) / "donnees"
        with maison_ouverte(Settings(donnees=donnees), creer=True) as maison:
            cookies = preparer(maison, monde, choix.lecteurs)
        attentes = mesurer(donnees, monde, cookies, choix.duree, choix.tours)
    debit = {nom: median(a.par_seconde for a in liste) for nom, liste in attentes.items()}
    p50 = {nom: median(a.mediane_s for a in liste) for nom, liste in attentes.items()}
    p99 = {nom: median(a.p99_s for a in liste) for nom, liste in attentes.items()}
    presenter(
        f"Page d'un article, {choix.lecteurs} lecteurs à la fois, {choix.lignes} lignes",
        ("page", "par seconde", "débit de la statique ÷ le sien", "médiane (ms)", "p99 (ms)", "p99 ÷ statique", "octets"),
        [
            (
                nom,
                debit[nom],
                debit["statique"] / debit[nom],
                1000 * p50[nom],
                1000 * p99[nom],
                p99[nom] / p99["statique"],
                liste[-1].octets,
            )
            for nom, liste in attentes.items()
        ],
    )


if __name__ == "__main__":
    main()
