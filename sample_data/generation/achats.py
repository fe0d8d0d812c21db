"""What a membre buys in three years follows from its population, its rayons and the planted prices; nothing is drawn per file."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sample_data.generation.catalogue import Article, Membre, Vocabulaire, lire_articles, lire_prix_aberrants, lire_ramettes_2025
from sample_data.generation.conditionnements import Conditionnement
from sample_data.generation.fournisseurs import Fournisseur
from sample_data.generation.hasard import facteur, tirage
from sample_data.generation.libelles import ecrire_libelle
from sample_data.generation.prix import BRUIT_DE_PRIX, arrondir, centimes, niveau_annee, prix_plante

ANNEES = (2023, 2024, 2025)
RAYONS_CCAS = {"bureau", "toner", "hygiene", "creche", "vivres", "telecom", "informatique"}
HORS_EPCI = {"ecole", "repas", "fete"}
POPULATION_UTILE = {"grandangouleme": 30000, "ccas-angouleme": 9000, "ccas-soyaux": 2600}
VENDU_AU_DETAIL = 0.12

MOIS: Mapping[str, Sequence[float]] = {
    "plat": [1] * 12,
    "bureau": [2, 1, 1, 1, 1, 1, 0.5, 0.5, 2, 1, 1, 1],
    "rentree": [0.5, 0.5, 0.5, 1, 2, 4, 4, 3, 3, 0.5, 0.5, 0.5],
    "ecole": [1, 1, 1, 1, 1, 1, 0.2, 0.2, 1.2, 1.1, 1.1, 0.9],
    "hiver": [3, 2, 2, 1, 0.2, 0.2, 0.2, 0.2, 1, 3, 3, 3],
    "ete": [0.5, 0.5, 1, 1, 2, 2, 2, 1, 1, 0.5, 0.5, 0.5],
    "travaux": [0.5, 0.5, 1, 2, 2, 2, 1, 0.5, 2, 2, 1, 0.5],
    "sel": [3, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3],
    "printemps": [0, 1, 3, 3, 3, 1, 0, 0, 1, 2, 1, 0],
}


@dataclass
class Ligne:
    """One line of purchase as it really happened: what a file will say of it, and the truth about it."""

    membre: Membre
    date: date
    piece: str
    fournisseur: Fournisseur
    article: Article | None
    conditionnement: Conditionnement | None
    vendu: int
    quantite: Decimal
    prix_unitaire_ht: Decimal
    montant_ht: Decimal
    taux_tva: Decimal
    nature: str = "achat"
    libelle_libre: str = ""
    compte: str = ""
    cpv: str = ""
    service: str = ""
    unite_ambigue: bool = False
    faits: list[str] = field(default_factory=list)

    @property
    def quantite_reference(self) -> Decimal | None:
        """Quantity in the article's unité de référence; None for what has no article (carriage, mandats)."""
        if self.conditionnement is None:
            return None
        return self.quantite * self.conditionnement.contenu(self.vendu)

    @property
    def prix_unitaire_reference_ht(self) -> Decimal | None:
        """Price HT of one unité de référence, six decimals."""
        if self.conditionnement is None:
            return None
        return (self.prix_unitaire_ht / self.conditionnement.contenu(self.vendu)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def acheter(
    membre: Membre, vocabulaire: Vocabulaire, rayons: Mapping[str, Sequence[Fournisseur]], graine: int, intensite: float = 0.55
) -> list[Ligne]:
    """Every line of the membre from January 2023 to December 2025, by date; `intensite` multiplies the number of orders."""
    lignes = []
    for article in lire_articles():
        rng = tirage(graine, vocabulaire.code, membre.slug, article.id)
        if _achete(membre, article, rng):
            lignes += _acheter_article(membre, article, vocabulaire, rayons, rng, graine, intensite)
    lignes += _frais_de_port(lignes, tirage(graine, "port", membre.slug))
    lignes += _avoirs(lignes, tirage(graine, "avoir", membre.slug))
    return sorted(lignes, key=lambda ligne: (ligne.date, ligne.piece, ligne.article.id if ligne.article else "", ligne.quantite))


def population_utile(membre: Membre) -> int:
    """Inhabitants whose needs the membre buys for: an EPCI or a CCAS buys less than its population would say."""
    return POPULATION_UTILE.get(membre.slug, membre.population)


def _achete(membre: Membre, article: Article, rng: random.Random) -> bool:
    rayon = article.famille.rayon
    if membre.nature == "ccas" and rayon not in RAYONS_CCAS:
        return False
    if membre.nature == "epci" and rayon in HORS_EPCI:
        return False
    if article.id == "AD01-A4-80":
        return True
    taille = (population_utile(membre) / 3000) ** 0.3
    return bool(rng.random() < min(0.97, article.diffusion * taille * 0.9))


def _acheter_article(
    membre: Membre,
    article: Article,
    vocabulaire: Vocabulaire,
    rayons: Mapping[str, Sequence[Fournisseur]],
    rng: random.Random,
    graine: int,
    intensite: float,
) -> list[Ligne]:
    besoin = article.depense_hab / article.prix * population_utile(membre) * facteur(rng, 0.3)
    offre = rayons[article.famille.rayon]
    lignes: list[Ligne] = []
    for annee in ANNEES:
        quantite_an = besoin * facteur(rng, 0.08)
        impose = lire_ramettes_2025().get(membre.slug) if article.id == "AD01-A4-80" else None
        if impose:
            quantite_an = impose[0] * 500 * (1.0 if annee == 2025 else facteur(rng, 0.05))
        fournisseur = _choisir_fournisseur(membre, article, offre, annee, graine)
        commandes = _commander(membre, article, quantite_an, annee, intensite, rng, exact=bool(impose))
        volume = sum(float(quantite * cond.contenu(vendu)) for _, cond, vendu, quantite in commandes)
        for jour, conditionnement, vendu, quantite in commandes:
            if impose:
                prix_reference = float(impose[1]) / 500 * niveau_annee(article, annee) * facteur(rng, 0.004)
            else:
                prix_reference = prix_plante(article, membre, fournisseur, volume, annee, conditionnement, graine) * facteur(
                    rng, BRUIT_DE_PRIX
                )
            aberration = lire_prix_aberrants().get((membre.slug, article.id), 1.0) if annee == 2025 else 1.0
            ligne = _ligne(membre, article, fournisseur, conditionnement, vendu, quantite, prix_reference * aberration, jour, rng)
            if aberration != 1.0:
                ligne.faits.append("prix_aberrant")
            lignes.append(ligne)
    return lignes


def _choisir_fournisseur(membre: Membre, article: Article, offre: Sequence[Fournisseur], annee: int, graine: int) -> Fournisseur:
    """A membre is faithful by rayon; one article in five is bought elsewhere, and it sometimes changes from year to year."""
    habituel = tirage(graine, "habituel", membre.slug, article.famille.rayon, annee if annee == 2025 else 0).choice(offre)
    ailleurs = tirage(graine, "ailleurs", membre.slug, article.id)
    return ailleurs.choice(offre) if ailleurs.random() < 0.2 else habituel


def _commander(
    membre: Membre, article: Article, quantite_an: float, annee: int, intensite: float, rng: random.Random, *, exact: bool
) -> list[tuple[date, Conditionnement, int, Decimal]]:
    """Orders of the year: (day, packaging, level counted, quantity), whole numbers of selling units except for bulk."""
    nombre = max(1, round(article.famille.commandes * (population_utile(membre) / 3000) ** 0.3 * facteur(rng, 0.25) * intensite))
    par_commande = quantite_an / nombre
    possibles = [c for c in article.conditionnements if float(c.contenu()) <= par_commande * 1.3]
    if not possibles:
        conditionnement = min(article.conditionnements, key=lambda c: c.contenu())
    elif exact:
        conditionnement = article.conditionnements[0 if quantite_an < 400 * 500 else 1]
    else:
        conditionnement = rng.choice(sorted(possibles, key=lambda c: c.contenu())[-2:])
    vendu = _niveau_vendu(conditionnement, rng)
    contenu = float(conditionnement.contenu(vendu))
    total = max(1.0, quantite_an / contenu)
    nombre = min(nombre, max(1, int(total)))
    parts = _partager(total, nombre, rng, entier=vendu < len(conditionnement.niveaux) or conditionnement.base in {"unite", "kWh"})
    poids = MOIS[article.famille.saison]
    mois = sorted(rng.choices(range(1, 13), weights=poids, k=len(parts)))
    return [
        (_jour_de_facture(membre, article.famille.rayon, annee, m), conditionnement, vendu, part)
        for m, part in zip(mois, parts, strict=True)
    ]


def _niveau_vendu(conditionnement: Conditionnement, rng: random.Random) -> int:
    """Most often the outermost container is counted; sometimes what it holds, the unit column then says it."""
    if len(conditionnement.niveaux) >= 2 and rng.random() < VENDU_AU_DETAIL:
        return 1
    if len(conditionnement.niveaux) == 1 and conditionnement.base in {"kg", "l"} and rng.random() < VENDU_AU_DETAIL / 3:
        return 1
    return 0


def _partager(total: float, nombre: int, rng: random.Random, *, entier: bool) -> list[Decimal]:
    poids = [rng.uniform(0.6, 1.4) for _ in range(nombre)]
    somme = sum(poids)
    if not entier:
        return [max(Decimal("0.1"), Decimal(str(round(total * p / somme, 1)))) for p in poids]
    cible = max(nombre, round(total))
    parts = [max(1, int(cible * p / somme)) for p in poids]
    parts[0] = max(1, parts[0] + cible - sum(parts))
    return [Decimal(p) for p in parts]


def _jour_de_facture(membre: Membre, rayon: str, annee: int, mois: int) -> date:
    """One or two invoices a month by rayon, on a working day."""
    rng = tirage("jour", membre.slug, rayon, annee, mois)
    jour = date(annee, mois, rng.choice((4, 9, 12, 17, 21, 26)))
    return jour + timedelta(days=2) if jour.weekday() == 5 else jour + timedelta(days=1) if jour.weekday() == 6 else jour


def _numero_de_piece(fournisseur: Fournisseur, membre: Membre, jour: date) -> str:
    rng = tirage("piece", fournisseur.nom, membre.slug, jour)
    numero = rng.randrange(100, 9999)
    return (f"FA{jour:%y%m}-{numero:04d}", f"{jour:%Y}{numero:05d}", f"F-{numero}/{jour:%y}", f"{numero + 400000}")[fournisseur.style]


def _ligne(
    membre: Membre,
    article: Article,
    fournisseur: Fournisseur,
    conditionnement: Conditionnement,
    vendu: int,
    quantite: Decimal,
    prix_reference: float,
    jour: date,
    rng: random.Random,
) -> Ligne:
    prix = arrondir(prix_reference * float(conditionnement.contenu(vendu)))
    famille = article.famille
    return Ligne(
        membre=membre,
        date=jour,
        piece=_numero_de_piece(fournisseur, membre, jour),
        fournisseur=fournisseur,
        article=article,
        conditionnement=conditionnement,
        vendu=vendu,
        quantite=quantite,
        prix_unitaire_ht=prix,
        montant_ht=centimes(prix * quantite),
        taux_tva=famille.taux_tva,
        compte=famille.compte if rng.random() < 0.85 else famille.compte_court,
        cpv=famille.cpv,
        service=_service(famille.rayon, rng),
        unite_ambigue=rng.random() < 0.004,
    )


def _service(rayon: str, rng: random.Random) -> str:
    return {
        "ecole": "Ecoles",
        "vivres": "Restauration",
        "primeur": "Restauration",
        "repas": "Restauration",
        "creche": "Petite enfance",
        "carriere": "Voirie",
        "voirie": "Voirie",
        "signal": "Voirie",
        "vert": "Espaces verts",
    }.get(rayon) or rng.choice(("Mairie", "Services techniques", "Mairie"))


def _frais_de_port(lignes: Sequence[Ligne], rng: random.Random) -> list[Ligne]:
    """Carriage on one invoice in forty: an amount that belongs to no article."""
    vues = {(ligne.piece, ligne.date): ligne for ligne in lignes}
    ports = []
    for ligne in vues.values():
        if rng.random() < 0.025:
            prix = Decimal(rng.choice(("6.90", "9.50", "12.00", "15.00")))
            ports.append(
                Ligne(
                    membre=ligne.membre,
                    date=ligne.date,
                    piece=ligne.piece,
                    fournisseur=ligne.fournisseur,
                    article=None,
                    conditionnement=None,
                    vendu=0,
                    quantite=Decimal(1),
                    prix_unitaire_ht=prix,
                    montant_ht=prix,
                    taux_tva=Decimal(20),
                    compte=ligne.compte,
                    service=ligne.service,
                    libelle_libre=rng.choice(("Frais de port", "Participation frais de livraison", "PORT ET EMBALLAGE")),
                    faits=["frais_de_port"],
                )
            )
    return ports


def _avoirs(lignes: Sequence[Ligne], rng: random.Random) -> list[Ligne]:
    """A credit note for one line in a hundred: part of the quantity comes back two weeks later, at the price paid."""
    avoirs = []
    for ligne in lignes:
        if ligne.article is None or rng.random() >= 0.01:
            continue
        quantite = -min(Decimal(12), max(Decimal(1), (ligne.quantite / 3).quantize(Decimal(1))))
        jour = min(ligne.date + timedelta(days=14), date(ligne.date.year, 12, 31))
        avoirs.append(
            Ligne(
                membre=ligne.membre,
                date=jour,
                piece="AV" + ligne.piece,
                fournisseur=ligne.fournisseur,
                article=ligne.article,
                conditionnement=ligne.conditionnement,
                vendu=ligne.vendu,
                quantite=quantite,
                prix_unitaire_ht=ligne.prix_unitaire_ht,
                montant_ht=centimes(ligne.prix_unitaire_ht * quantite),
                taux_tva=ligne.taux_tva,
                nature="avoir",
                compte=ligne.compte,
                cpv=ligne.cpv,
                service=ligne.service,
                faits=["avoir"],
            )
        )
    return avoirs


def libelle_de(ligne: Ligne, vocabulaire: Vocabulaire, *, dire_mesure: bool) -> tuple[str, str]:
    """Label of the line as its supplier writes it, and its packaging fragment."""
    if ligne.article is None or ligne.conditionnement is None:
        return ligne.libelle_libre, ""
    libelle, morceau = ecrire_libelle(ligne.article, ligne.conditionnement, ligne.fournisseur, vocabulaire, dire_mesure=dire_mesure)
    return ("AVOIR " + libelle if ligne.nature == "avoir" else libelle), morceau
