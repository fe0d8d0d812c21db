"""What the JSON gives: the same figures as the pages, each with its unit and its n, or with the sentence that says why it is absent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from analytics.diffusion import Distribution
from analytics.resultat import Resultat

Nombre = Annotated[Decimal, PlainSerializer(lambda valeur: str(valeur), return_type=str)]
"""A decimal written as text, so that no program rounds it while reading."""


class Modele(BaseModel):
    """Base of all models: frozen, and a forgotten field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Chiffre(Modele):
    """A figure, or the reason why there is none."""

    valeur: Nombre | None = Field(description="Absente quand motif_absence est donné.")
    unite: str
    nb_membres: int
    nb_lignes: int
    nb_fournisseurs: int
    periode: str
    methode: str = Field(description="Code de la définition, expliquée à l'adresse /methode.")
    motif_absence: str | None

    @classmethod
    def de(cls, resultat: Resultat) -> Self:
        """The same as `analytics` gives it."""
        return cls(
            valeur=resultat.valeur,
            unite=resultat.unite,
            nb_membres=resultat.effectif.nb_membres,
            nb_lignes=resultat.effectif.nb_lignes,
            nb_fournisseurs=resultat.effectif.nb_fournisseurs,
            periode=resultat.periode,
            methode=resultat.methode,
            motif_absence=resultat.motif_absence,
        )


class Membre(Modele):
    """A membre of the club."""

    siren: str
    nom: str
    nature: str
    code_insee: str | None
    population: int | None
    nb_depots: int


class Depot(Modele):
    """A received file the reader may see, and the account of its lines."""

    identifiant: str
    membre: str
    nom_fichier: str
    etat: str
    recu_le: datetime
    publie_le: datetime | None
    comptes: dict[str, int]


class Article(Modele):
    """What is comparable."""

    article_id: str
    libelle: str
    famille: str
    famille_libelle: str
    unite: str
    nb_membres: int
    nb_lignes: int
    nb_fournisseurs: int


class PageArticles(Modele):
    """One page of the list of articles."""

    articles: list[Article]
    nb_articles: int
    page: int
    nb_pages: int


class Repartition(Modele):
    """How prices are spread between membres over one period."""

    periode: str
    unite: str
    minimum: Chiffre
    p10: Chiffre
    q1: Chiffre
    mediane: Chiffre
    q3: Chiffre
    p90: Chiffre
    maximum: Chiffre
    moyenne_ponderee: Chiffre
    quantite_reference: Chiffre
    montant_ht: Chiffre
    nb_exclus: int
    arretee_le: date
    est_figee: bool

    @classmethod
    def de(cls, lue: Distribution) -> Self:
        """The same as `analytics` gives it."""
        chiffres = {nom: Chiffre.de(getattr(lue, nom)) for nom in STATISTIQUES}
        return cls(
            periode=lue.periode,
            unite=lue.unite,
            nb_exclus=lue.nb_exclus,
            arretee_le=lue.arretee_le,
            est_figee=lue.est_figee,
            **chiffres,
        )


STATISTIQUES = (
    "minimum", "p10", "q1", "mediane", "q3", "p90", "maximum", "moyenne_ponderee", "quantite_reference", "montant_ht",
)  # fmt: skip


class Position(Modele):
    """Where the reader's own price stands. Gaps are in € HT a year, zero at or below the reference."""

    article_id: str
    libelle: str
    famille: str
    periode: str
    prix_unitaire_ht: Chiffre
    quantite_annuelle: Chiffre
    ecart_mediane_an: Chiffre
    ecart_q1_an: Chiffre
    situation: str
    motif_hors_prix: str | None


class Ligne(Modele):
    """A line the reader may see, as far as prices are concerned."""

    depot: str
    origine: str
    ligne: int
    membre: str
    date: date | None
    libelle: str | None
    fournisseur: str | None
    quantite: Nombre | None
    unite: str | None
    prix_unitaire_ht: Nombre | None
    montant_ht: Nombre | None
    quantite_reference: Nombre | None
    prix_unitaire_reference_ht: Nombre | None
    derivation: str | None
    motif_hors_prix: str | None


class FicheArticle(Article):
    """An article whole: its distributions by period, the reader's position and lines."""

    repartitions: list[Repartition]
    position: Position | None
    lignes: list[Ligne]


class Observatoire(Modele):
    """The reader's positions over one period; totals are the sums of the lines that have a figure."""

    periode: str
    version: str
    date_reference: date
    positions: list[Position]
    nb_comparables: int
    total_mediane_an: Nombre
    total_q1_an: Nombre


class BesoinMembre(Modele):
    """What one membre needs in a year, € HT."""

    famille: str
    famille_libelle: str
    article_id: str | None
    article: str | None
    unite: str | None
    quantite_annuelle: Nombre | None
    montant_annuel_ht: Nombre
    mois_couverts: int
    nb_lignes: int


class BesoinEnsemble(Modele):
    """What all membres need in a year in a famille."""

    famille: str
    famille_libelle: str
    nb_membres: int
    quantite_annuelle: Chiffre
    montant_annuel_ht: Chiffre


class Besoins(Modele):
    """Needs: of the membre asked for (empty when none is), and of all together."""

    membre: str | None
    propres: list[BesoinMembre]
    ensemble: list[BesoinEnsemble]


class Note(Modele):
    """One mark, 1 is best, and why."""

    valeur: int
    phrase: str


class Part(Modele):
    """What an opportunité would bring a membre each year, € HT; absent with its reason when the reader may not see it."""

    siren: str
    nom: str
    gain_net_ht: Nombre | None
    frais_ht: Nombre | None
    phrase: str
    motif_absence: str | None


class Opportunite(Modele):
    """One famille or set of familles, with its marks, its gain (€ HT a year) and its procedure."""

    rang: int
    code: str
    libelle: str
    familles: list[str]
    potentiel: Note
    enjeu: Note
    faisabilite: Note
    gain_net_bas_ht: Nombre
    gain_net_central_ht: Nombre
    gain_net_haut_ht: Nombre
    gain_hypothese: str
    gain_phrase: str
    nb_membres: int
    nb_fournisseurs: int
    depense_annuelle_ht: Nombre
    montant_estime_ht: Nombre
    duree_mois: int
    procedure: str | None
    ecartee: str | None
    parts: list[Part]


class MembreGroupement(Modele):
    """A membre of a groupement: its yearly need and maximum in € HT, and where it stands."""

    siren: str
    nom: str
    montant_annuel_ht: Nombre
    maximum_ht: Nombre
    convoquee_le: date | None
    deliberee_le: date | None
    executoire_le: date | None
    signee_le: date | None


class Groupement(Modele):
    """A groupement and its frozen data in short."""

    identifiant: str
    objet: str
    etat: str
    version: int
    coordonnateur: str
    familles: list[str]
    montant_annuel_ht: Nombre
    duree_marche_mois: int
    membres: list[MembreGroupement]
    documents: list[str]


class Erreur(Modele):
    """What went wrong, in one French sentence."""

    detail: str
