"""How the price of a line came to be, one step per sentence, in the order in which the machine takes them."""

from collections.abc import Iterator, Mapping
from typing import Any

from analytics.prix import MOTIFS
from analytics.resultat import Resultat
from api import formats
from api.unites import dire_prix, unite_affichee

BANDES = {
    "automatique": "rapproché automatiquement",
    "proposee": "proposé",
    "a_part": "laissé à part",
}
SANS_QUANTITE = frozenset({"mandat", "frais_annexes"})
"""Lines that make no price whatever their packaging: what one unit holds does not matter."""


def annoncer(lue: Mapping[str, Any]) -> str:
    """The first line: the price compared, or why there is none."""
    motif = lue["motif_hors_prix"]
    if motif:
        return f"Cette ligne ne fait pas de prix : {MOTIFS.get(motif, motif)}."
    if lue["nature"] == "avoir":
        prix = dire_prix(lue["prix_unitaire_reference_ht"], lue["unite_reference"], lue["famille"])
        return f"Cet avoir, à {prix}, vient en déduction des achats : il ne fait pas de prix à lui seul."
    return f"Cette ligne compte pour {dire_prix(lue['prix_unitaire_reference_ht'], lue['unite_reference'], lue['famille'])}."


def expliquer(
    lue: Mapping[str, Any], membres: Mapping[str, str], familles: Mapping[str, str], mediane: Resultat | None
) -> Iterator[tuple[str, str]]:
    """Each step with its reason. `mediane`: of the article over all the periods, as the reader may see it."""
    origine = f", feuille ou fichier « {lue['origine']} »" if lue["origine"] else ""
    yield "Lue dans", f"dépôt {lue['depot']}{origine}, ligne {lue['ligne']} ; {membres.get(lue['membre'], lue['membre'])}"
    if lue["date"]:
        yield "Date", formats.date_longue(lue["date"])
    yield "Fournisseur", lue["fournisseur"] or "non indiqué dans le fichier"
    yield ("Avoir" if lue["nature"] == "avoir" else "Achat"), _achat(lue)
    yield "Famille", _famille(lue, familles)
    if lue["motif_hors_prix"] not in SANS_QUANTITE:
        yield "Conditionnement", _conditionnement(lue)
        yield from _prix(lue, mediane)
    yield "Article", _article(lue)


def _achat(lue: Mapping[str, Any]) -> str:
    morceaux = []
    if lue["quantite"] is not None:
        morceaux.append(f"{formats.nombre(lue['quantite'])} {lue['unite'] or '(sans unité dans le fichier)'}")
    if lue["prix_unitaire_ht"] is not None:
        morceaux.append(f"à {formats.prix(lue['prix_unitaire_ht'])} HT")
    if lue["montant_ht"] is not None:
        morceaux.append(f"{'soit ' if morceaux else ''}{formats.euros(lue['montant_ht'])} HT")
    return " ".join(morceaux) or "ni quantité ni montant"


def _famille(lue: Mapping[str, Any], familles: Mapping[str, str]) -> str:
    confiance = f" (confiance {formats.pct(lue['famille_confiance'])})" if lue["famille_confiance"] else ""
    return f"{familles.get(lue['famille'], 'à classer')}{confiance}, d’après : {lue['famille_motif'] or 'aucun indice'}"


def _conditionnement(lue: Mapping[str, Any]) -> str:
    if lue["derivation"] is None:
        return lue["contenu_motif"] or "à préciser"
    phrase = str(lue["derivation"])
    if lue["quantite_reference"] is not None and lue["unite_reference"]:
        phrase += f" ; en tout {formats.quantite(lue['quantite_reference'], lue['unite_reference'])}"
    return phrase + (" (conversion approchée : elle n’entre pas dans les prix)" if lue["approx"] else "")


def _prix(lue: Mapping[str, Any], mediane: Resultat | None) -> Iterator[tuple[str, str]]:
    """The division itself, then what the others pay."""
    prix, unite, famille = lue["prix_unitaire_reference_ht"], lue["unite_reference"], lue["famille"]
    if prix is None:
        return
    division = f"{formats.euros(lue['montant_ht'])} ÷ {formats.quantite(lue['quantite_reference'], unite)}"
    egal = "≈" if lue["approx"] else "="
    phrase = f"{division} {egal} {formats.prix(prix)} HT par {formats.unite_lisible(unite)}"
    if unite_affichee(unite, famille).facteur != 1:
        phrase += f", soit {dire_prix(prix, unite, famille)}"
    yield "Prix comparé", phrase
    if mediane is not None and mediane.valeur is not None:
        nombre = formats.pluriel(mediane.effectif.nb_membres, "membre")
        yield "Les autres", f"médiane de {nombre} : {dire_prix(mediane.valeur, unite, famille)}"
    elif mediane is not None:
        yield "Les autres", f"médiane non affichée : {mediane.motif_absence}"


def _article(lue: Mapping[str, Any]) -> str:
    if lue["article_id"] is None:
        return "aucun : un mandat dit un montant, pas ce qui est acheté" if lue["nature"] == "mandat" else "aucun"
    bande, motif = BANDES.get(lue["article_bande"] or "", ""), lue["article_motif"] or ""
    if motif.endswith("par une décision"):
        bande = ""
    raisons = " ; ".join(morceau for morceau in (bande, motif) if morceau)
    return f"{lue['article']}" + (f" ({raisons})" if raisons else "")
