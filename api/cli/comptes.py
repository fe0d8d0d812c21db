"""`mercuriale compte …`: open, list and close accounts. A password is typed or comes by the standard input, never as an argument."""

import getpass
import sys
from typing import Annotated

import typer

from api.cli.affichage import dire
from api.cli.francais import CommandeFrancaise, GroupeFrancais
from api.cli.options import Donnees, reglages
from api.maison import maison_ouverte
from api.visiteur import Visiteur
from ingest.erreurs import Refus
from ingest.vocabulaire import Role

comptes = typer.Typer(cls=GroupeFrancais, no_args_is_help=False, rich_markup_mode=None)

Email = Annotated[str, typer.Argument(metavar="ADRESSE", help="Adresse électronique de la personne.")]


@comptes.callback(invoke_without_command=True)
def toujours(ctx: typer.Context, donnees: Donnees = None) -> int:
    """Ouvre, liste et ferme les comptes des personnes du club."""
    if ctx.invoked_subcommand is None:
        dire(ctx.get_help().rstrip())
    return 0


@comptes.command(cls=CommandeFrancaise)
def creer(
    email: Email,
    role: Annotated[Role, typer.Option("--role", help="Ce que la personne vient faire (secretaire, sauf indication).")] = Role.SECRETAIRE,
    membre: Annotated[
        str | None, typer.Option("--membre", metavar="SIREN", help="Membre pour lequel elle parle : secrétaire et élu seulement.")
    ] = None,
    nom: Annotated[str | None, typer.Option("--nom", metavar="NOM", help="Nom ou fonction à afficher.")] = None,
    donnees: Donnees = None,
) -> int:
    """Ouvre un compte. Le mot de passe est demandé, ou lu sur l'entrée standard."""
    from api.services import comptes as service

    with maison_ouverte(reglages(donnees)) as maison:
        ouvert = service.creer_compte(
            maison,
            Visiteur.au_clavier(),
            email=email,
            nom=nom or email,
            role=role,
            membre=membre,
            mot_de_passe=lire_mot_de_passe(),
        )
        dire(f"Compte ouvert pour {ouvert.email}.")
    return 0


@comptes.command(cls=CommandeFrancaise)
def inviter(email: Email, donnees: Donnees = None) -> int:
    """Donne l'adresse par laquelle la personne choisira son mot de passe, une seule fois."""
    from api.formats import instant
    from api.services import invitations

    with maison_ouverte(reglages(donnees)) as maison:
        emise = invitations.inviter(maison, Visiteur.au_clavier(), email)
        dire(f"Invitation pour {emise.email}, jusqu'au {instant(emise.expire_le)}. Ajoutez ceci à l'adresse du service :")
        dire(emise.lien)
    return 0


@comptes.command(cls=CommandeFrancaise)
def lister(donnees: Donnees = None) -> int:
    """Liste les comptes : adresse, rôle, membre, ouvert ou fermé."""
    from api.services import comptes as service

    with maison_ouverte(reglages(donnees)) as maison:
        presents = service.lister(maison, Visiteur.au_clavier())
        for compte in presents:
            etat = "fermé" if not compte.actif else "ouvert" if compte.mot_de_passe else "ouvert, sans mot de passe"
            dire(f"{compte.email}\t{compte.role}\t{compte.membre or 'club'}\t{etat}")
        if not presents:
            dire("Aucun compte. Ouvrez le premier avec « mercuriale compte creer ».")
    return 0


@comptes.command(cls=CommandeFrancaise)
def fermer(email: Email, donnees: Donnees = None) -> int:
    """Ferme un compte et ses sessions ; ce qu'il a fait reste au journal."""
    from api.services import comptes as service

    with maison_ouverte(reglages(donnees)) as maison:
        service.fermer_compte(maison, Visiteur.au_clavier(), email)
        dire(f"Compte fermé : {email}.")
    return 0


@comptes.command("mot-de-passe", cls=CommandeFrancaise)
def mot_de_passe(email: Email, donnees: Donnees = None) -> int:
    """Remplace le mot de passe d'un compte, le rouvre s'il était fermé, et ferme ses sessions."""
    from api.services import comptes as service

    with maison_ouverte(reglages(donnees)) as maison:
        service.imposer_mot_de_passe(maison, Visiteur.au_clavier(), email, lire_mot_de_passe())
        dire(f"Mot de passe remplacé pour {email}.")
    return 0


def lire_mot_de_passe() -> str:
    """Typed twice without echo on a terminal; else the first line of the standard input. Raises `Refus` when the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    premier = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Le même, pour vérifier : ") != premier:
        raise Refus("Les deux saisies diffèrent : rien n'a été changé. Recommencez.")
    return premier
