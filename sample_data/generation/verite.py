"""The truth is one row per line of every file, written apart so that no reader can lean on it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sample_data.generation.achats import ANNEES, Ligne
from sample_data.generation.catalogue import lire_articles, lire_familles, lire_membres
from sample_data.generation.fournisseurs import Fournisseur
from sample_data.generation.prix import EFFET_CONDITIONNEMENT, effet_membre

COLONNES = (
    "membre",
    "fichier",
    "origine",
    "ligne",
    "statut",
    "motif",
    "nature",
    "date",
    "article",
    "famille",
    "conditionnement",
    "contenu",
    "unite_reference",
    "quantite_reference",
    "montant_ht",
    "prix_unitaire_reference_ht",
    "fournisseur",
    "conditionnement_lisible",
    "faits",
)


@dataclass(frozen=True)
class Verite:
    """What one line of one file should become, and what it really was."""

    membre: str
    fichier: str
    origine: str
    ligne: int
    statut: str
    motif: str = ""
    achat: Ligne | None = None
    nature: str = ""
    montant_ht: Decimal | None = None
    famille: str = ""
    fournisseur: str = ""
    date: str = ""
    lisible: bool = True
    faits: Sequence[str] = field(default_factory=tuple)

    def rangee(self) -> list[str]:
        """The row of the truth file, numbers with a point."""
        achat = self.achat
        article = achat.article if achat else None
        conditionnement = achat.conditionnement if achat else None
        return [
            self.membre,
            self.fichier,
            self.origine,
            str(self.ligne),
            self.statut,
            self.motif,
            achat.nature if achat else self.nature,
            achat.date.isoformat() if achat else self.date,
            article.id if article else "",
            article.famille.code if article else self.famille,
            conditionnement.en_mots(achat.vendu) if achat and conditionnement else "",
            _decimal(conditionnement.contenu(achat.vendu)) if achat and conditionnement else "",
            article.unite_reference if article else "",
            _decimal(achat.quantite_reference) if achat else "",
            _decimal(achat.montant_ht if achat else self.montant_ht),
            _decimal(achat.prix_unitaire_reference_ht) if achat else "",
            achat.fournisseur.id if achat else self.fournisseur,
            "oui" if self.lisible else "non",
            ",".join(self.faits),
        ]


def ecrire_verite(verites: Iterable[Verite]) -> bytes:
    """The truth of one membre as CSV."""
    return _csv(COLONNES, (verite.rangee() for verite in verites))


def ecrire_fournisseurs(rayons: Mapping[str, Sequence[Fournisseur]]) -> bytes:
    """Suppliers with their invented numbers and every spelling used."""
    uniques = {f.id: f for offre in rayons.values() for f in offre}
    return _csv(
        ("id", "nom", "ville", "siren", "siret_ecrit", "niveau_de_prix", "rayons", "graphies"),
        (
            [
                f.id,
                f.nom,
                f.ville,
                f.siren,
                f.siret,
                f"{f.niveau:.4f}",
                ",".join(r for r, offre in rayons.items() if f in offre),
                "|".join(f.graphies),
            ]
            for f in uniques.values()
        ),
    )


def ecrire_familles() -> bytes:
    """Planted behaviour of each famille, and how many articles it has."""
    articles = lire_articles()
    return _csv(
        (
            "famille",
            "elasticite_prix_quantite",
            *(f"inflation_{annee}" for annee in ANNEES[1:]),
            "effet_angouleme",
            "effet_conditionnement",
            "articles",
        ),
        (
            [
                f.code,
                f"{f.elasticite}",
                *(f"{f.inflation[annee]}" for annee in ANNEES[1:]),
                f"{f.effet_angouleme}",
                f"{EFFET_CONDITIONNEMENT}",
                str(sum(a.famille is f for a in articles)),
            ]
            for f in lire_familles().values()
        ),
    )


def ecrire_articles() -> bytes:
    """Articles with their unité de référence and planted price level of 2025."""
    return _csv(
        ("article", "famille", "libelle", "unite_reference", "prix_reference_2025_ht", "quantite_repere", "conditionnements"),
        (
            [
                a.id,
                a.famille.code,
                a.noms[0],
                a.unite_reference,
                f"{a.prix}",
                f"{a.quantite_repere:.1f}",
                "|".join(c.en_mots() for c in a.conditionnements),
            ]
            for a in lire_articles()
        ),
    )


def ecrire_membres(graine: int) -> bytes:
    """How well each membre buys, all else equal; Angoulême's effect is given by famille in familles.csv."""
    return _csv(
        ("membre", "nom", "effet_de_prix"),
        ([m.siren, m.nom, "par famille" if m.slug == "angouleme" else f"{effet_membre(m, 'AD02', graine):.4f}"] for m in lire_membres()),
    )


def _decimal(nombre: Decimal | None) -> str:
    return "" if nombre is None else f"{nombre.normalize():f}"


def _csv(entete: Sequence[str], rangees: Iterable[Sequence[str]]) -> bytes:
    tampon = io.StringIO()
    ecrivain = csv.writer(tampon, delimiter=";", lineterminator="\n")
    ecrivain.writerow(entete)
    ecrivain.writerows(rangees)
    return tampon.getvalue().encode("utf-8")
