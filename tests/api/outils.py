"""Small clubs and small files for the tests of the use cases."""

from collections.abc import Sequence
from pathlib import Path

from api.maison import Maison
from api.services import membres
from api.services.membres import NouveauMembre
from api.visiteur import Visiteur
from ingest.vocabulaire import NatureMembre, Role

CLAVIER = Visiteur.au_clavier()
ANGOULEME, FLEAC, MORNAC, TOUVRE = "211600150", "211601380", "211602321", "211603857"
NOMS = {ANGOULEME: ("Angoulême", 41423), FLEAC: ("Fléac", 3856), MORNAC: ("Mornac", 2115), TOUVRE: ("Touvre", 1146)}
ENTETE = "Date;Fournisseur;SIRET;Désignation;Quantité;Unité;PU HT;Montant HT;TVA"


def peupler(maison: Maison) -> None:
    """Four communes."""
    membres.ajouter(
        maison, CLAVIER, [NouveauMembre(siren, nom, NatureMembre.COMMUNE, None, population) for siren, (nom, population) in NOMS.items()]
    )


def secretaire(siren: str) -> Visiteur:
    """A secrétaire de mairie of this membre."""
    return Visiteur(compte=1, email=f"secretaire@{siren}.fr", nom="Secrétaire", role=Role.SECRETAIRE, membre=siren)


def ligne(jour: str, libelle: str, quantite: int, prix: str, fournisseur: str = "PAPETERIE MARTIN") -> str:
    """One right line of a file."""
    montant = f"{quantite * float(prix.replace(',', '.')):.2f}".replace(".", ",")
    return f"{jour};{fournisseur};;{libelle};{quantite};ramette;{prix};{montant};20"


def ecrire(chemin: Path, lignes: Sequence[str]) -> Path:
    """A file as town halls export them."""
    chemin.write_bytes("\r\n".join([ENTETE, *lignes, ""]).encode("cp1252"))
    return chemin
