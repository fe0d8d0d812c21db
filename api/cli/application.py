"""The commands and their options; what they do is in `api.services`.

Exit codes: 0 done, 1 done with lines to correct, 2 refused with a sentence.
"""

import importlib.metadata
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.affichage import dire, nombre, progres, signaler, verdict_json, verdict_lisible
from api.cli.comptes import comptes
from api.cli.francais import CommandeFrancaise, GroupeFrancais, phrase_erreur
from api.cli.options import Donnees, reglages
from api.cli.relecture import relire
from api.maison import Maison, maison_ouverte
from api.settings import Settings
from api.visiteur import Visiteur
from ingest.erreurs import Refus
from ingest.publication import Doublons
from ingest.vocabulaire import BaseTaxe

FAIT, A_CORRIGER, REFUSE = 0, 1, 2
VOCABULAIRES = ("v1", "v2", "v3", "v4")
ERREUR_DE_MERCURIALE = (
    "Mercuriale a rencontré une erreur qui ne vient pas de vous ({genre}) : ce qui était en cours n'a pas été enregistré. "
    "Signalez-la avec ce que vous avez tapé ; MERCURIALE_TRACE=1 donne le détail à qui la réparera."
)


class Quoi(StrEnum):
    """What can be exported."""

    LIGNES = "lignes"
    ARTICLES = "articles"
    OBSERVATOIRE = "observatoire"
    BESOINS = "besoins"
    OPPORTUNITES = "opportunites"
    GROUPEMENTS = "groupements"


class Format(StrEnum):
    """In which form."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"
    XLSX = "xlsx"


class Acte(StrEnum):
    """What can be drafted."""

    CONVENTION = "convention"
    DELIBERATIONS = "deliberations"
    BPU_DQE = "bpu-dqe"


application = typer.Typer(
    name="mercuriale",
    cls=GroupeFrancais,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)
application.add_typer(comptes, name="compte")


def main() -> None:
    """Run the command; a refusal is one French sentence and the code 2, never a trace of the program."""
    sys.exit(executer(sys.argv[1:]))


def executer(arguments: list[str]) -> int:
    """Run the command with these arguments and return its exit code."""
    try:
        retour: Any = application(arguments, prog_name="mercuriale", standalone_mode=False)
    except Refus as refus:
        signaler(str(refus))
        return REFUSE
    except typer.Abort:
        signaler("Interrompu : rien de ce qui était en cours n'a été enregistré.")
        return REFUSE
    except Exception as erreur:
        if not _mal_ecrit(erreur) and Settings().trace:
            raise
        signaler(phrase_erreur(erreur) if _mal_ecrit(erreur) else ERREUR_DE_MERCURIALE.format(genre=type(erreur).__name__))
        return REFUSE
    return retour if isinstance(retour, int) else FAIT


@application.callback(invoke_without_command=True)
def toujours(
    ctx: typer.Context,
    donnees: Donnees = None,
    version: Annotated[bool, typer.Option("--version", help="Affiche la version.")] = False,
) -> int:
    """Mercuriale : l'observatoire des prix d'achat et les groupements de commandes d'un club de communes."""
    if version:
        dire(f"mercuriale {importlib.metadata.version('mercuriale')}")
        ctx.exit()
    if ctx.invoked_subcommand is None:
        dire(ctx.get_help().rstrip())
    return FAIT


@application.command(cls=CommandeFrancaise)
def demo(
    donnees: Donnees = None,
    sans_serveur: Annotated[bool, typer.Option("--sans-serveur", help="Prépare tout, puis s'arrête sans ouvrir le service.")] = False,
    port: Annotated[int | None, typer.Option("--port", metavar="PORT", help="Port du service (8000).")] = None,
) -> int:
    """Essaie Mercuriale : prépare les données d'exemple, un groupement et ses actes, puis ouvre le service.

    Les communes sont réelles, leurs achats sont inventés. Recommencer reprend ce qui est déjà prêt.
    """
    from api.services.demo import preparer

    settings = reglages(donnees, demo=True, hote="127.0.0.1", **({} if port is None else {"port": port}))
    with maison_ouverte(settings, creer=True) as maison:
        preparee = preparer(maison, _etapes())
        for phrase in preparee.phrases():
            dire(phrase)
    if not sans_serveur:
        _servir(settings)
    return FAIT


@application.command(cls=CommandeFrancaise)
def init(
    epci: Annotated[str, typer.Option("--epci", metavar="NOM-OU-SIREN", help="Nom ou SIREN de l'EPCI dont on crée le club.")],
    donnees: Donnees = None,
    email: Annotated[str | None, typer.Option("--email", metavar="ADRESSE", help="Adresse de l'animatrice : ouvre son compte.")] = None,
) -> int:
    """Crée le club d'un territoire : l'EPCI et ses communes en deviennent membres."""
    from api.annuaire import chercher_epci
    from api.services.comptes import ouvrir_compte_animatrice
    from api.services.initialiser import initialiser

    clavier = Visiteur.au_clavier()
    trouve = chercher_epci(epci)  # before the directory is made: a refusal leaves nothing
    with maison_ouverte(reglages(donnees), creer=True) as maison:
        territoire, ajoutes = initialiser(maison, clavier, trouve.siren)
        dire(f"{territoire.nom} ({territoire.genre}, SIREN {territoire.siren}) : {ajoutes} membres ajoutés.")
        if email:
            mot_de_passe = ouvrir_compte_animatrice(maison, clavier, email)
            dire(f"Compte ouvert pour {email}. Mot de passe : {mot_de_passe}")
            dire(f"Remplacez-le dès maintenant : mercuriale compte mot-de-passe {email}")
    return FAIT


@application.command(cls=CommandeFrancaise)
def serve(
    donnees: Donnees = None,
    hote: Annotated[str | None, typer.Option("--hote", metavar="ADRESSE", help="Adresse d'écoute (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="PORT", help="Port d'écoute (8000).")] = None,
) -> int:
    """Ouvre le service dans le navigateur, avec ses travaux de fond."""
    options = {nom: valeur for nom, valeur in (("hote", hote), ("port", port)) if valeur is not None}
    _servir(reglages(donnees, **options))
    return FAIT


@application.command("import", cls=CommandeFrancaise)
def importer(
    fichiers: Annotated[list[Path], typer.Argument(metavar="FICHIER", help="Exports d'achats, factures électroniques, archives ZIP.")],
    membre: Annotated[str, typer.Option("--membre", metavar="SIREN", help="SIREN du membre dont ce sont les achats.")],
    donnees: Donnees = None,
    en_json: Annotated[bool, typer.Option("--json", help="Verdict pour un programme : un objet par fichier, un par ligne.")] = False,
    base: Annotated[BaseTaxe | None, typer.Option("--base", help="Dit si les prix du fichier sont hors taxes ou toutes taxes.")] = None,
    colonne: Annotated[
        list[str] | None,
        typer.Option("--colonne", metavar="TITRE=CHAMP", help="Dit ce que contient une colonne (CHAMP vide : à ignorer). Répétable."),
    ] = None,
    feuille: Annotated[list[str] | None, typer.Option("--feuille", metavar="NOM", help="Ne lit que cette feuille. Répétable.")] = None,
    doublons: Annotated[
        Doublons, typer.Option("--doublons", help="Que faire des lignes déjà connues (ignorer, sauf indication).")
    ] = Doublons.IGNORER,
) -> int:
    """Lit des fichiers d'achats d'un membre, les enregistre et rend un verdict."""
    from api.services import imports, lignes_depot

    reponses = imports.Reponses(colonnes=_colonnes(colonne or []), base_taxe=base, origines=tuple(feuille or ()))
    code = FAIT
    with maison_ouverte(reglages(donnees)) as maison:
        for fichier in fichiers:
            try:
                depot = imports.importer(
                    maison,
                    Visiteur.au_clavier(),
                    membre,
                    fichier,
                    reponses=reponses,
                    doublons=doublons,
                    avancement=progres(f"{fichier.name}, lignes lues"),
                )
            except Refus as refus:
                signaler(str(refus))
                code = REFUSE
                continue
            dire((verdict_json if en_json else verdict_lisible)(depot, lignes_depot.anomalies_vivantes(maison, depot)))
            if (depot.comptes or {}).get("a_corriger"):
                code = max(code, A_CORRIGER)
    return code


@application.command(cls=CommandeFrancaise)
def build(donnees: Donnees = None) -> int:
    """Reconstruit l'observatoire à partir des dépôts enregistrés."""
    from api.services.observatoire import construire

    with maison_ouverte(reglages(donnees)) as maison:
        bilan = construire(maison, _etapes())
        dire(
            f"Observatoire : {nombre(bilan.nb_lignes)} lignes de {bilan.nb_depots} dépôts, {nombre(bilan.nb_articles)} articles, "
            f"{bilan.nb_membres} membres."
        )
    return FAIT


@application.command(cls=CommandeFrancaise)
def export(
    quoi: Annotated[Quoi, typer.Argument(help="lignes, articles, observatoire, besoins, opportunites ou groupements.")],
    sortie: Annotated[Path, typer.Option("--sortie", metavar="CHEMIN", help="Fichier à écrire.")],
    forme: Annotated[Format, typer.Option("--format", help="Forme du fichier.")] = Format.CSV,
    donnees: Donnees = None,
) -> int:
    """Écrit les données du club dans un fichier."""
    from api.services import exports

    with _maison_a_jour(donnees) as maison:
        nb_lignes = exports.exporter(maison, Visiteur.au_clavier(), quoi.value, forme.value, sortie)
        dire(f"{sortie} : {nombre(nb_lignes)} lignes.")
    return FAIT


@application.command(cls=CommandeFrancaise)
def draft(
    acte: Annotated[Acte, typer.Argument(help="convention, deliberations ou bpu-dqe.")],
    groupement: Annotated[str, typer.Option("--groupement", metavar="ID", help="Identifiant du groupement, par exemple G1.")],
    sortie: Annotated[Path, typer.Option("--sortie", metavar="DOSSIER", help="Dossier où écrire les documents.")],
    donnees: Donnees = None,
) -> int:
    """Rédige les documents d'un groupement à partir de ses données figées."""
    from api.services import actes

    with maison_ouverte(reglages(donnees)) as maison:
        for chemin in actes.rediger_dans(maison, Visiteur.au_clavier(), groupement, acte.value, sortie):
            dire(str(chemin))
    return FAIT


@application.command(cls=CommandeFrancaise)
def evaluer(
    graine: Annotated[int, typer.Option("--graine", metavar="N", help="Graine du générateur (7, sauf indication).")] = 7,
    vocabulaire: Annotated[
        list[str] | None, typer.Option("--vocabulaire", metavar="NOM", help="v1 (réglage), v2 ou v3. Répétable ; tous, sauf indication.")
    ] = None,
    lignes: Annotated[int, typer.Option("--lignes", metavar="N", min=1, help="Nombre de lignes engendrées (12000).")] = 12_000,
    cas: Annotated[
        Path | None,
        typer.Option("--cas", metavar="FICHIER", help="Mesure aussi des libellés écrits à la main, avec ce qu'on doit y lire (CSV)."),
    ] = None,
) -> int:
    """Mesure la qualité des rapprochements sur des données inventées dont la vérité est connue."""
    from analytics.evaluation import dire_mesures, evaluer_cas
    from analytics.evaluation import evaluer as mesurer

    if cas is not None:
        try:
            dire(f"Cas écrits à la main ({cas.name})\n{dire_mesures(evaluer_cas(cas))}\n")
        except (OSError, UnicodeDecodeError, KeyError, ArithmeticError):
            raise Refus(
                f"Le fichier « {cas} » ne peut pas être lu comme une liste de cas : il faut un CSV en UTF-8 dont les colonnes sont "
                "libelle;unite;famille;quantite;unite_base;forme."
            ) from None
    for nom in vocabulaire or VOCABULAIRES:
        if nom not in VOCABULAIRES:
            raise Refus(f"Le vocabulaire « {nom} » n'existe pas. Choisissez parmi : {', '.join(VOCABULAIRES)}.")
        dire(mesurer(graine, nom, lignes).dire() + "\n")
    return FAIT


@contextmanager
def _maison_a_jour(donnees: Path | None) -> Iterator[Maison]:
    from api.services.observatoire import mettre_a_jour

    with maison_ouverte(reglages(donnees)) as maison:
        mettre_a_jour(maison, _etapes())
        yield maison


def _etapes() -> Any:
    dernier = ""

    def etape(quoi: str, fait: int, total: int) -> None:
        nonlocal dernier
        if quoi != dernier:
            signaler(f"[{fait}/{total}] {quoi}" if total else quoi)
            dernier = quoi

    return etape


def _colonnes(donnees: list[str]) -> dict[str, str]:
    paires = {}
    for texte in donnees:
        titre, separateur, champ = texte.rpartition("=")
        if not separateur or not titre:
            raise Refus(f"« {texte} » : nous attendions TITRE=CHAMP, par exemple --colonne « Montant=montant_ht ».")
        paires[titre.strip()] = champ.strip()
    return paires


application.command(cls=CommandeFrancaise)(relire)


def _servir(settings: Settings) -> None:
    from api.cli.service import servir

    servir(settings, dire)


def _mal_ecrit(erreur: Exception) -> bool:
    # The parser's own exceptions are private to the library; all have a context.
    return hasattr(erreur, "format_message") and hasattr(erreur, "exit_code")
