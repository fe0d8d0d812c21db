"""Help and errors of the command in French: the library that parses it speaks English."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from typer.core import TyperCommand, TyperGroup


class CommandeFrancaise(TyperCommand):
    """A command whose help is French."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, what it does, its parameters."""
        formatter.write(_aide(self, ctx))


class GroupeFrancais(TyperGroup):
    """The command of commands, in French."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, the commands one after another, the common options."""
        lignes = [(nom, (commande.help or "").splitlines()[0]) for nom, commande in self.commands.items() if not commande.hidden]
        formatter.write(_aide(self, ctx, suite="COMMANDE …", sections={"Commandes": lignes}))


def phrase_erreur(erreur: Any) -> str:
    """What was mistyped, in French, from an exception of the library."""
    genre = type(erreur).__name__
    commande = erreur.ctx.command_path if getattr(erreur, "ctx", None) else "mercuriale"
    suite = f" Voyez « {commande} --help »."
    if genre == "NoSuchOption":
        proches = f" Vouliez-vous dire {' ou '.join(erreur.possibilities)} ?" if erreur.possibilities else ""
        return f"L'option {erreur.option_name} n'existe pas.{proches}{suite}"
    if genre == "MissingParameter":
        return f"Il manque {_nommer(erreur.param)}.{suite}"
    if genre == "BadParameter":
        return f"La valeur donnée pour {_nommer(erreur.param)} ne convient pas.{_possibles(erreur.param)}{suite}"
    if genre == "BadOptionUsage":
        return f"L'option {erreur.option_name} attend une valeur, ou n'en attend pas.{suite}"
    if "No such command" in str(erreur):
        return f"Cette commande n'existe pas.{suite}"
    return f"La commande est mal écrite.{suite}"


def _aide(commande: Any, ctx: Any, suite: str = "", sections: dict[str, list[tuple[str, str]]] | None = None) -> str:
    parametres = [parametre for parametre in commande.get_params(ctx) if not getattr(parametre, "hidden", False)]
    arguments = [parametre for parametre in parametres if parametre.param_type_name == "argument"]
    options = [parametre for parametre in parametres if parametre.param_type_name == "option"]
    usage = " ".join([ctx.command_path, *(_metavar(argument) for argument in arguments), "[options]" if options else "", suite]).strip()
    blocs = [f"Utilisation : {usage}", (commande.help or "").strip()]
    tables = dict(sections or {})
    if arguments:
        tables["À donner"] = [(_metavar(argument), argument.help or "") for argument in arguments]
    tables["Options"] = [(_ecrire_option(option), _expliquer(option)) for option in options]
    blocs += [f"{titre} :\n{_colonnes(lignes)}" for titre, lignes in tables.items()]
    return "\n\n".join(bloc for bloc in blocs if bloc) + "\n"


def _colonnes(lignes: Iterable[tuple[str, str]]) -> str:
    lignes = list(lignes)
    largeur = min(34, max(len(gauche) for gauche, _ in lignes))
    return "\n".join(
        f"  {gauche:<{largeur}}  {droite}" if len(gauche) <= largeur else f"  {gauche}\n  {'':<{largeur}}  {droite}"
        for gauche, droite in lignes
    )


def _metavar(parametre: Any) -> str:
    nom = (parametre.metavar or parametre.name).upper()
    return f"{nom}…" if parametre.nargs == -1 else nom


def _ecrire_option(option: Any) -> str:
    noms = ", ".join([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return noms
    return f"{noms} {option.metavar or _valeurs(option) or 'VALEUR'}"


def _expliquer(option: Any) -> str:
    if "--help" in option.opts:
        return "Affiche cette aide."
    return (option.help or "") + (" (à donner)" if option.required else "")


def _valeurs(parametre: Any) -> str:
    genre = getattr(parametre.get_runtime_param(), "annotation", None) if hasattr(parametre, "get_runtime_param") else None
    choix = list(genre) if isinstance(genre, type) and issubclass(genre, Enum) else []
    return "|".join(str(valeur.value) for valeur in choix)


def _possibles(parametre: Any) -> str:
    valeurs = _valeurs(parametre) if parametre is not None else ""
    return f" Valeurs possibles : {valeurs.replace('|', ', ')}." if valeurs else ""


def _nommer(parametre: Any) -> str:
    if parametre is None:
        return "une valeur"
    if parametre.param_type_name == "option":
        return f"l'option {parametre.opts[0]}"
    return _metavar(parametre)
