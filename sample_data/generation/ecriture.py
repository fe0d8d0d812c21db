"""Rows of a file are laid out once, for every format; each row keeps the truth of what it says."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from sample_data.generation.achats import Ligne, libelle_de
from sample_data.generation.catalogue import Membre, Vocabulaire
from sample_data.generation.conditionnements import MESURES, Conditionnement
from sample_data.generation.dispositions import Disposition
from sample_data.generation.erreurs_plantees import Cellule, planter
from sample_data.generation.fournisseurs import sans_accents
from sample_data.generation.hasard import tirage
from sample_data.generation.libelles import est_lisible, transformer
from sample_data.generation.prix import centimes


@dataclass
class Rangee:
    """One row of the file. `statut` is "" for what is no line of purchase (titles, header, blank)."""

    cellules: list[Cellule]
    statut: str = ""
    motif: str = ""
    ligne: Ligne | None = None
    lisible: bool = True
    faits: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Contexte:
    """What rows depend on beside the lines themselves."""

    membre: Membre
    vocabulaire: Vocabulaire
    disposition: Disposition
    graine: int
    deja_recues: Callable[[Ligne], bool] = lambda ligne: False
    sans_erreur: Callable[[Ligne], bool] = lambda ligne: False


def disposer(lignes: Sequence[Ligne], contexte: Contexte) -> list[Rangee]:
    """Titles, header, lines, totals, in the order of the file."""
    disposition = contexte.disposition
    annees = sorted({ligne.date.year for ligne in lignes})
    texte_annees = str(annees[0]) if len(annees) == 1 else f"{annees[0]}-{annees[-1]}"
    largeur = len(disposition.colonnes)
    rangees = [
        Rangee([titre.format(nom=contexte.membre.nom, annees=texte_annees), *[None] * (largeur - 1)]) for titre in disposition.titres
    ]
    if disposition.entete_haute:
        rangees.append(Rangee([disposition.entete_haute.get(champ) for _, champ in disposition.colonnes]))
    entete: list[Cellule] = [titre for titre, _ in disposition.colonnes]
    rangees.append(Rangee(entete))
    corps = list(_corps(lignes, contexte))
    if disposition.repete_entete:
        corps = _avec_entetes_repetes(corps, entete, disposition.repete_entete)
    return rangees + corps


def _corps(lignes: Sequence[Ligne], contexte: Contexte) -> Iterator[Rangee]:
    mode = contexte.disposition.totaux
    if mode in {"fournisseur", "mois"}:
        cle: Callable[[Ligne], str] = (lambda x: x.fournisseur.nom) if mode == "fournisseur" else (lambda x: f"{x.date:%m/%Y}")
        ordre = sorted(lignes, key=lambda x: (x.date.year, x.fournisseur.nom)) if mode == "fournisseur" else lignes
        for valeur, groupe in groupby(ordre, key=cle):
            suite = list(groupe)
            yield from _rangees_de_lignes(suite, contexte)
            intitule = f"Sous-total {valeur}" if mode == "fournisseur" else f"Total {valeur}"
            yield _total(intitule, suite, contexte, "sous_total")
    else:
        yield from _rangees_de_lignes(lignes, contexte)
    if mode:
        yield _total("TOTAL GÉNÉRAL" if mode != "bas" else "TOTAL", lignes, contexte, "total")


def _total(intitule: str, lignes: Sequence[Ligne], contexte: Contexte, motif: str) -> Rangee:
    cellules: list[Cellule] = []
    for _, champ in contexte.disposition.colonnes:
        if champ == "libelle":
            cellules.append(intitule)
        elif champ == "montant_ht":
            cellules.append(sum((ligne.montant_ht for ligne in lignes), Decimal(0)))
        elif champ == "montant_ttc":
            cellules.append(sum((montant_ttc(ligne) for ligne in lignes), Decimal(0)))
        else:
            cellules.append(None)
    return Rangee(cellules, statut="ecartee", motif=motif)


def _avec_entetes_repetes(corps: list[Rangee], entete: list[Cellule], pas: int) -> list[Rangee]:
    avec: list[Rangee] = []
    for rang, rangee in enumerate(corps):
        if rang and rang % pas == 0:
            avec.append(Rangee(list(entete), statut="ecartee", motif="entete_repete"))
        avec.append(rangee)
    return avec


def _rangees_de_lignes(lignes: Sequence[Ligne], contexte: Contexte) -> Iterator[Rangee]:
    for ligne in lignes:
        rangee = _rangee(ligne, contexte)
        yield rangee
        if "doublon_saisie" in rangee.faits:
            yield Rangee(list(rangee.cellules), rangee.statut, rangee.motif, ligne, rangee.lisible, list(rangee.faits))


def montant_ttc(ligne: Ligne) -> Decimal:
    """Amount with tax, rounded to the cent."""
    return centimes(ligne.montant_ht * (1 + ligne.taux_tva / 100))


def _rangee(ligne: Ligne, contexte: Contexte) -> Rangee:
    disposition = contexte.disposition
    rng = tirage(
        contexte.graine,
        "rangee",
        contexte.membre.slug,
        ligne.date,
        ligne.piece,
        ligne.article and ligne.article.id,
        ligne.quantite,
        ligne.prix_unitaire_ht,
    )
    champs, lisible = valeurs(ligne, contexte, rng)
    rangee = Rangee([], "retenue", "", ligne, lisible, list(ligne.faits))
    if not lisible:
        rangee.faits.append("conditionnement_illisible")
    if contexte.deja_recues(ligne):
        rangee.statut, rangee.motif = "identique", "deja_recue"
    elif not contexte.sans_erreur(ligne):
        planter(rangee, champs, disposition, rng)
    rangee.cellules = [champs.get(champ) for _, champ in disposition.colonnes]
    return rangee


def valeurs(ligne: Ligne, contexte: Contexte, rng: random.Random) -> tuple[dict[str, Cellule], bool]:
    """Field → value as this software holds it, and whether label and unit together still say the packaging."""
    disposition = contexte.disposition
    libelle, unite, lisible = _libelle_et_unite(ligne, contexte, rng)
    siret = ligne.fournisseur.siret
    graphie = tirage("graphie", contexte.membre.slug, ligne.fournisseur.nom, ligne.date.year).choice(ligne.fournisseur.graphies)
    pu_ttc = (ligne.prix_unitaire_ht * (1 + ligne.taux_tva / 100)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return {
        "date": ligne.date,
        "exercice": str(ligne.date.year),
        "piece": ligne.piece,
        "fournisseur": graphie.upper() if disposition.majuscules else graphie,
        "siret": siret.lstrip("0") if disposition.excel else siret,
        "libelle": libelle,
        "reference": reference(ligne, contexte.vocabulaire),
        "quantite": ligne.quantite,
        "unite": unite,
        "pu_ht": ligne.prix_unitaire_ht,
        "montant_ht": ligne.montant_ht,
        "taux_tva": ligne.taux_tva,
        "pu_ttc": pu_ttc,
        "montant_ttc": montant_ttc(ligne),
        "compte": ligne.compte,
        "cpv": ligne.cpv,
        "service": ligne.service,
        "marche": numero_de_marche(ligne),
        "collectivite": sans_accents(contexte.membre.nom).upper(),
        "budget": "00",
        "code_tiers": ligne.fournisseur.id.replace("F", "T0"),
        "fonction": "020",
        "vide": None,
    }, lisible


def numero_de_marche(ligne: Ligne) -> str:
    """Number of the contract the purchase comes under: two rayons in three of a membre have one."""
    if ligne.article is None:
        return ""
    rng = tirage("marche", ligne.membre.slug, ligne.article.famille.rayon)
    numero = f"{rng.choice((2021, 2022, 2023))}-{rng.randrange(1, 60):03d}"
    return numero if rng.random() < 0.67 else ""


def reference(ligne: Ligne, vocabulaire: Vocabulaire) -> str:
    """The supplier's own reference of the article in this packaging; nothing for one supplier in three."""
    if ligne.article is None or ligne.conditionnement is None:
        return ""
    rng = tirage("reference", vocabulaire.code, ligne.fournisseur.nom, ligne.article.id, ligne.conditionnement.niveaux)
    if tirage("sans reference", ligne.fournisseur.nom).random() < 0.33:
        return ""
    return f"{ligne.fournisseur.nom[:2]}{rng.randrange(10000, 99999)}"


def _libelle_et_unite(ligne: Ligne, contexte: Contexte, rng: random.Random) -> tuple[str, str, bool]:
    disposition = contexte.disposition
    ecrite = ligne
    if not disposition.a_unite and ligne.conditionnement is not None and ligne.vendu:
        ecrite = _au_niveau_vendu(ligne)
    entier, morceau = libelle_de(ecrite, contexte.vocabulaire, dire_mesure=not disposition.a_unite)
    libelle = transformer(entier, majuscules=disposition.majuscules, coupe=disposition.coupe)
    if disposition.retours and tirage("retour", ligne.piece, libelle).random() < 0.01:
        libelle = f"{libelle}\nlivré {ligne.service}"
    unite = mot_unite(ligne, contexte.vocabulaire, rng)
    lisible = ecrite.conditionnement is None or est_lisible(
        ecrite.conditionnement,
        ecrite.vendu,
        libelle,
        transformer(morceau, majuscules=disposition.majuscules, coupe=None),
        avec_unite=disposition.a_unite,
        vague=ligne.unite_ambigue,
    )
    return libelle, unite, lisible


def _au_niveau_vendu(ligne: Ligne) -> Ligne:
    """The same line, its packaging told from the container that is counted: what a label says when no column gives the unit."""
    assert ligne.conditionnement is not None
    reduit = Conditionnement(
        ligne.conditionnement.niveaux[ligne.vendu :], ligne.conditionnement.base, ligne.conditionnement.compte, ligne.conditionnement.dose
    )
    copie = Ligne(**{**vars(ligne), "faits": list(ligne.faits)})
    copie.conditionnement, copie.vendu = reduit, 0
    return copie


def mot_unite(ligne: Ligne, vocabulaire: Vocabulaire, rng: random.Random) -> str:
    """The word in the column « unité »: the container counted, or a plain « U » that leaves it to the label."""
    conditionnement = ligne.conditionnement
    if conditionnement is None:
        return vocabulaire.mots_unite["unite"][0]
    habitude = tirage("mot", ligne.membre.slug)
    niveaux = conditionnement.niveaux[ligne.vendu :]
    if not niveaux:
        return habitude.choice(vocabulaire.mots_unite.get(conditionnement.compte) or vocabulaire.mots_unite[conditionnement.base])
    contenant = niveaux[0].contenant
    if contenant in MESURES:
        return habitude.choice(vocabulaire.mots_unite[contenant])
    vague = ligne.unite_ambigue if ligne.vendu else contenant == "cartouche" or rng.random() < 0.3
    if vague:
        return habitude.choice(vocabulaire.mots_unite["unite"])
    return habitude.choice(vocabulaire.contenants[contenant])
