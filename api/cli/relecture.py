"""`mercuriale relire`: read published dépôts again by the rules in force; what changes is said before, and taken back after."""

from typing import Annotated

import typer

from api.cli.affichage import dire, nombre, progres
from api.cli.options import Donnees, reglages
from api.maison import maison_ouverte
from api.visiteur import Visiteur


def relire(
    donnees: Donnees = None,
    essai: Annotated[bool, typer.Option("--essai", help="Dit ce qui changerait, et ne garde rien.")] = False,
    annuler: Annotated[bool, typer.Option("--annuler", help="Reprend les lectures d'avant la dernière relecture.")] = False,
) -> int:
    """Relit les dépôts enregistrés avec des règles de lecture plus anciennes."""
    from api.services import relectures

    clavier = Visiteur.au_clavier()
    with maison_ouverte(reglages(donnees)) as maison:
        if annuler:
            rendus = relectures.annuler(maison, clavier)
            dire(f"Lectures d'avant reprises : {', '.join(rendus)}." if rendus else "Aucune relecture à annuler.")
            return 0
        faire = relectures.essayer if essai else relectures.appliquer
        faites = faire(maison, clavier, relectures.a_relire(maison, clavier), progres("Dépôts relus"))
        for faite in faites:
            if faite.differences is None:
                dire(f"{faite.depot} : laissé tel quel. {faite.refus}")
                continue
            sujets = ", ".join(f"{sujet} {nombre(combien)}" for sujet, combien in faite.differences.par_sujet.items())
            changees = f"lignes changées : {nombre(faite.differences.nombre)} sur {nombre(faite.differences.lues)}"
            dire(f"{faite.depot}, {changees}" + (f" ({sujets})" if sujets else ""))
        if not faites:
            dire("Tous les dépôts enregistrés ont été lus avec les règles en vigueur.")
    return 0
