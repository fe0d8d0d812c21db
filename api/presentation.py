"""A page is one documented dataclass and one template: this module puts them together, inside the frame all pages share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from analytics.resultat import Resultat
from api import formats
from api.club.modeles import Club
from api.gabarits import EnvironnementRapide, EspacesInsecables, typographier
from api.graphiques import Courbe
from api.maison import Maison
from api.porte import Permission, Visiteur, maison_de
from api.services import comptes as services_comptes
from api.services import membres as services_membres
from ingest.vocabulaire import Role


@dataclass(frozen=True)
class Page:
    """What every page gives its template: `titre` is the question or the thing it is about, on the tab and as first heading."""

    gabarit: ClassVar[str]
    titre: str


@dataclass(frozen=True)
class Lien:
    """Somewhere to go; `courant` when it is where the reader stands."""

    texte: str
    adresse: str
    courant: bool = False


@dataclass(frozen=True)
class Message:
    """The one verdict of a page: `ton` is "bon", "attention" or "erreur"; sentences are shown as they are."""

    ton: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Origine:
    """« D'où vient ce chiffre ? »: period, on how much it stands, method, and the way to the lines the reader may see."""

    periode: str
    effectif: str
    methode: str
    lien_methode: str | None = None
    lien_lignes: str | None = None
    remarque: str | None = None


@dataclass(frozen=True)
class CompteDemo:
    """An account of the demonstration one may try."""

    email: str
    nom: str
    courant: bool


@dataclass(frozen=True)
class Entourage:
    """What the frame of one visitor takes from the club store, whatever the page."""

    club: str
    lieu: str
    personne: str | None
    navigation: tuple[tuple[str, str], ...]
    comptes_demo: tuple[CompteDemo, ...]


@dataclass(frozen=True)
class Cadre:
    """The frame around a page: whose club, who is reading, where she can go, and what was just done."""

    club: str
    lieu: str
    personne: str | None
    navigation: tuple[Lien, ...]
    demo: bool
    comptes_demo: tuple[CompteDemo, ...]
    message: Message | None
    adresse: str
    version_statique: str


@dataclass(frozen=True)
class Pagination:
    """Where a list stands: addresses of the neighbouring pages keep the filters."""

    page: int
    nb_pages: int
    total: int
    precedente: str | None
    suivante: str | None


NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("Accueil", "/", Permission.CONNECTE),
    ("Dépôts", "/depots", Permission.LIRE_DEPOTS),
    ("Observatoire", "/observatoire", Permission.LIRE_OBSERVATOIRE),
    ("Besoins", "/besoins", Permission.LIRE_BESOINS),
    ("Opportunités", "/opportunites", Permission.LIRE_OPPORTUNITES),
    ("Groupements", "/groupements", Permission.LIRE_GROUPEMENTS),
    ("Articles à revoir", "/revue", Permission.ARBITRER),
    ("Familles", "/familles", Permission.GERER_NOMENCLATURE),
    ("Membres", "/membres", Permission.LIRE_MEMBRES),
)

ROLES: Mapping[Role, str] = {
    Role.SECRETAIRE: "secrétariat",
    Role.ELU: "élu",
    Role.ANIMATRICE: "animation du club",
    Role.ADMINISTRATEUR: "administration",
}

FAITS: Mapping[str, str] = {
    "depot-enregistre": "C’est enregistré. L’observatoire se met à jour tout seul.",
    "depot-oublie": "Le fichier est oublié : rien n’en reste.",
    "correction-annulee": "La dernière correction est annulée ; le fichier vient d’être relu.",
    "correspondances-reprises": "Les colonnes de ce logiciel sont reprises : ses fichiers seront reconnus d’emblée.",
    "depot-retire": "Le dépôt est retiré : ses lignes ne comptent plus. Le fichier reçu reste conservé.",
    "membre-ajoute": "Le membre est ajouté. Vous pouvez déposer ses achats ou lui ouvrir un compte.",
    "club-cree": "Les communes de cet établissement sont maintenant membres du club.",
    "compte-ferme": "Le compte est fermé ; ce qu’il a fait reste au journal.",
    "relecture-annulee": "Les lectures d’avant sont reprises. L’observatoire se met à jour tout seul.",
    "valeur-oubliee": "C’est oublié : les prochains fichiers seront lus comme ils sont écrits.",
    "mot-de-passe-choisi": "Votre mot de passe est enregistré. Bienvenue.",
    "mot-de-passe-change": "Votre mot de passe est changé. Vos autres appareils sont déconnectés.",
    "decision-prise": "Votre décision est gardée ; elle sera rejouée à chaque mise à jour de l’observatoire.",
    "famille-ajoutee": "La famille est ajoutée. Ses mots clés valent pour les prochains dépôts ; classez par groupe les lignes déjà là.",
    "decision-annulee": "La décision est annulée.",
    "passee": "La question est remise à plus tard.",
    "correction-prise": "La correction est prise en compte ; le fichier vient d’être relu.",
    "reponses-prises": "Vos réponses sont gardées pour les prochains fichiers de la même forme.",
    "groupement-forme": "Le groupement est formé et ses besoins sont figés. Vous pouvez rédiger ses actes.",
    "etape-franchie": "L’étape est enregistrée.",
    "adhesion-notee": "Les dates sont enregistrées.",
    "actes-rediges": "Les documents sont rédigés.",
    "partage-oui": "L’animatrice du club peut maintenant voir vos lignes d’achat.",
    "partage-non": "Vos lignes d’achat ne sont plus visibles de l’animatrice du club.",
    "deconnecte": "Vous êtes déconnecté.",
}
"""What can have just been done, said on the next page; the address carries the key only, never a sentence."""


def rendre(request: Request, page: Page, *, statut: int = 200, message: Message | None = None) -> HTMLResponse:
    """The page in its frame, for the visitor of this request."""
    return HTMLResponse(ecrire(page, cadre_de(request, message)), status_code=statut)


def ecrire(page: Page, cadre: Cadre) -> str:
    """The text of a page: equal pages in equal frames have equal texts."""
    return environnement().get_template(page.gabarit).render(page=page, cadre=cadre)


def rendre_fragment(page: Page) -> HTMLResponse:
    """A piece of a page, without its frame."""
    return HTMLResponse(environnement().get_template(page.gabarit).render(page=page))


@cache
def version_statique() -> str:
    """A short fingerprint of our style sheet, script and picture: browsers keep them for a day, and ask again when it changes."""
    presents = sorted((fichier for fichier in (files("api") / "static").iterdir() if fichier.is_file()), key=lambda fichier: fichier.name)
    return sha256(b"".join(fichier.read_bytes() for fichier in presents)).hexdigest()[:10]


@cache
def environnement() -> EnvironnementRapide:
    """The Jinja environment of the pages: strict (a forgotten variable fails), escaped, with French formats and French spaces."""
    env = EnvironnementRapide(
        loader=FileSystemLoader(str(files("templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[EspacesInsecables],
    )
    env.filters.update({nom: getattr(formats, nom) for nom in FILTRES})
    env.filters["typo"] = typographier
    env.filters["avec_unite"] = ecrire_resultat
    env.filters["avec_image"] = avec_image
    return env


FILTRES = (
    "arrondi_significatif",
    "date_courte",
    "date_longue",
    "duree",
    "entier",
    "enumeration",
    "environ",
    "euros",
    "euros_entiers",
    "fourchette",
    "instant",
    "nombre",
    "pct",
    "periode",
    "pluriel",
    "prix",
    "quantite",
    "siren",
    "taille",
    "taux",
    "temps_restant",
    "unite_lisible",
)


def ecrire_resultat(resultat: Resultat) -> Markup:
    """A `Resultat` in a table or a sentence: the price with its unit, or the reason for its absence."""
    if resultat.valeur is None:
        return Markup('<span class="absent">{}</span>').format(resultat.motif_absence or "")
    texte = formats.prix(resultat.valeur) if resultat.unite.startswith("€") else formats.nombre(resultat.valeur)
    unite = " / ".join(formats.unite_lisible(partie) for partie in resultat.unite.removeprefix("€").strip().split(" / "))
    return Markup('{} <span class="unite">{}</span>').format(texte, unite)


def tracer_courbe(courbe: Courbe) -> Markup:
    """The text of a drawing that several pages hold, for the macro `courbe_tracee`."""
    module: Any = environnement().get_template("composants/_graphiques.html").module
    trace: Markup = module.trace_courbe(courbe)
    return trace


def visiteur_de(request: Request) -> Visiteur | None:
    """Who is reading, as the door recognised her for this request."""
    present: Visiteur | None = getattr(request.state, "visiteur", None)
    return present


def cadre_de(request: Request, message: Message | None = None) -> Cadre:
    """The frame for the visitor of this request."""
    maison = maison_de(request)
    entourage = entourage_de(maison, visiteur_de(request))
    chemin = request.url.path
    return Cadre(
        club=entourage.club,
        lieu=entourage.lieu,
        personne=entourage.personne,
        navigation=_naviguer(entourage.navigation, chemin),
        demo=maison.settings.demo,
        comptes_demo=entourage.comptes_demo,
        message=message or _message_de_l_adresse(request),
        adresse=chemin + (f"?{request.url.query}" if request.url.query else ""),
        version_statique=version_statique(),
    )


@lru_cache(maxsize=1024)
def _naviguer(liens: tuple[tuple[str, str], ...], chemin: str) -> tuple[Lien, ...]:
    return tuple(Lien(texte, adresse, chemin == adresse or (adresse != "/" and chemin.startswith(adresse))) for texte, adresse in liens)


def entourage_de(maison: Maison, visiteur: Visiteur | None) -> Entourage:
    """What the frame of this visitor takes from the club store: with the address of a page, it makes the whole frame."""
    return maison.club.souvenirs.retenir(("entourage", visiteur), lambda: _entourage(maison, visiteur))


def entourage_connu(maison: Maison, visiteur: Visiteur) -> bool:
    """Whether the frame of this visitor can be made without a look at the club store."""
    return maison.club.souvenirs.connu(("entourage", visiteur)) is not None


def _entourage(maison: Maison, visiteur: Visiteur | None) -> Entourage:
    with maison.club.lecture() as session:
        club = session.get(Club, 1)
    nom_membre = services_membres.membre(maison, visiteur.membre).nom if visiteur and visiteur.membre else None
    return Entourage(
        club=club.nom if club else "Club des acheteurs",
        lieu=nom_membre or (club.nom if club else ""),
        personne=f"{visiteur.nom}, {ROLES[visiteur.role]}" if visiteur else None,
        navigation=tuple((texte, adresse) for texte, adresse, permission in NAVIGATION if visiteur and visiteur.peut(permission)),
        comptes_demo=tuple(
            CompteDemo(compte.email, compte.nom, visiteur is not None and visiteur.email == compte.email)
            for compte in services_comptes.comptes_demo(maison)
        ),
    )


def _message_de_l_adresse(request: Request) -> Message | None:
    fait = FAITS.get(request.query_params.get("fait", ""))
    return Message("bon", (fait,)) if fait else None


def avec_image(adresse: str, identifiant: str) -> str:
    """The address of one drawing of the page at `adresse`, as a picture."""
    return _avant_image(adresse) + _parametre_image(identifiant)


@lru_cache(maxsize=64)
def _parametre_image(identifiant: str) -> str:
    return urlencode([("image", identifiant)])


@lru_cache(maxsize=64)
def _avant_image(adresse: str) -> str:
    chemin, _, question = adresse.partition("?")
    gardes = [(cle, valeur) for cle, valeur in parse_qsl(question) if cle not in ("fait", "image")]
    return f"{chemin}?{urlencode(gardes)}&" if gardes else f"{chemin}?"


ADRESSE = "\ufdd0"
"""Stands for the address of a page in what is written before it is known: never a character of a text (Unicode, « noncharacters »)."""


@dataclass(frozen=True)
class TexteSitue:
    """A piece that pages at several addresses share, cut where the addresses of their pictures begin."""

    morceaux: tuple[Markup, ...]

    @classmethod
    def de(cls, ecrire_a: Callable[[str], Markup]) -> "TexteSitue":
        """From what writes the piece for the page at a given address, which it uses for `avec_image` only."""
        return cls(tuple(ecrire_a(ADRESSE).split(_avant_image(ADRESSE))))

    def situer(self, adresse: str) -> Markup:
        """The piece as it stands in the page at this address."""
        return escape(_avant_image(adresse)).join(self.morceaux)


def avec_parametres(request: Request, **changes: Any) -> str:
    """The address of this page with other parameters; None removes one. The word of what was just done is never kept."""
    parametres = {cle: valeur for cle, valeur in request.query_params.items() if cle != "fait"}
    for cle, valeur in changes.items():
        if valeur is None:
            parametres.pop(cle, None)
        else:
            parametres[cle] = str(valeur)
    return str(request.url.replace(scheme="", netloc="").replace_query_params(**parametres)) if parametres else request.url.path


def paginer(request: Request, page: int, par_page: int, total: int) -> Pagination:
    """The pages of a list, with their addresses."""
    nb_pages = max(1, -(-total // par_page))
    page = min(max(page, 1), nb_pages)
    return Pagination(
        page,
        nb_pages,
        total,
        avec_parametres(request, page=page - 1) if page > 1 else None,
        avec_parametres(request, page=page + 1) if page < nb_pages else None,
    )
