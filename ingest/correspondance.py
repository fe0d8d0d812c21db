"""Columns are recognised from their names *and* from their values; a person confirms; what is not recognised is said to be ignored."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ingest.arithmetique import Arithmetique, arbitrer
from ingest.correspondance_valeurs import deviner, est_sans_noms
from ingest.lecture.table import Genre, TableBrute
from ingest.profils import Profil, profiler
from ingest.ressemblance import base_dite, nommer
from ingest.schema import Requis, TypeChamp, find_champ, fold_entete, load_champs
from ingest.vocabulaire import BaseTaxe

SEUIL: Final = 0.55
"""Below this confidence a column is proposed as ignored."""


@dataclass(frozen=True)
class ColonneLue:
    """What one column was understood to be: `champ` is "" when it is ignored, `confiance` between 0 and 1, `exemples` up to three cells.

    `raison` says why in French (« nom de la colonne », « valeurs », « confirmé », « format »); `alternatives` are other possible fields.
    """

    entete: str
    champ: str
    confiance: float
    exemples: tuple[str, ...]
    alternatives: tuple[tuple[str, float], ...]
    raison: str


@dataclass(frozen=True)
class TableLue:
    """How one table of the file was understood; `signature` is what a confirmed mapping is remembered by."""

    origine: str
    genre: Genre
    entetes: tuple[str, ...]
    signature: str
    colonnes: tuple[ColonneLue, ...]
    remarques: tuple[str, ...]
    lues: int = 0
    base_taxe: BaseTaxe | None = None

    @property
    def champs(self) -> dict[str, str]:
        """Field → header, for the columns that are used."""
        return {colonne.champ: colonne.entete for colonne in self.colonnes if colonne.champ}

    @property
    def colonnes_ignorees(self) -> tuple[str, ...]:
        """Headers that nothing is read from."""
        return tuple(colonne.entete for colonne in self.colonnes if not colonne.champ)


@dataclass(frozen=True)
class Choix:
    """One possible answer: what the person reads, and the value to send back."""

    valeur: str
    libelle: str


@dataclass(frozen=True)
class Question:
    """Something only a person can say. Until a question with `bloquante` is answered, the dépôt is not published.

    `code` is `deux_colonnes`, `champ_manquant` or `base_taxe`; `champ` the field concerned. The answer to the first two goes in
    `Reglages.correspondances[signature]` (the chosen `valeur` is a header), to the third in `Reglages.base_taxe`.
    """

    code: str
    texte: str
    choix: tuple[Choix, ...]
    origine: str = ""
    signature: str = ""
    champ: str | None = None
    bloquante: bool = True


def signer(entetes: Sequence[str]) -> str:
    """Give the signature of a header: it does not change with the order, case, accents or punctuation of the columns."""
    plies = "\n".join(sorted(fold_entete(entete) for entete in entetes))
    return hashlib.sha256(plies.encode()).hexdigest()[:16]


def proposer(
    table: TableBrute,
    echantillon: pl.DataFrame,
    *,
    confirmee: Mapping[str, str] | None = None,
    base_taxe: BaseTaxe | None = None,
    membre: str = "",
) -> tuple[TableLue, tuple[Question, ...]]:
    """Recognise the columns of a table from its headers and a sample of its lines; ask what cannot be decided.

    `confirmee` (header → field, "" = ignored) is what a person decided; it always wins.
    """
    profils = {entete: profiler(echantillon[entete]) for entete in table.entetes}
    if table.champs:
        affectation = {entete: (table.champs[entete], 1.0, "format") for entete in table.entetes if table.champs.get(entete)}
        scores: dict[str, dict[str, float]] = {}
        arithmetique = Arithmetique({}, None, False)
    else:
        scores = _noter(table.entetes, profils)
        affectation = _affecter(scores, profils)
        if est_sans_noms(table.entetes):
            libres = [entete for entete in table.entetes if entete not in affectation]
            affectation |= deviner(libres, profils)
        _reconnaitre_acheteur(affectation, profils, echantillon, membre)
        arithmetique = arbitrer({entete: champ for entete, (champ, _, _) in affectation.items()}, scores, echantillon, profils)
        for entete, champ in arithmetique.changements.items():
            affectation[entete] = (champ, 0.9, "quantité × prix = montant") if champ else ("", 0.0, "")
        _preciser_base(affectation)
    affectation = _confirmer(affectation, confirmee or {}, table.entetes)
    colonnes = tuple(_colonne(entete, affectation, scores, profils) for entete in table.entetes)
    base = base_taxe or arithmetique.base
    lue = TableLue(table.origine, table.genre, table.entetes, signer(table.entetes), colonnes, table.remarques, base_taxe=base)
    return lue, tuple(_questionner(lue, scores, profils, echantillon, confirmee))


def _noter(entetes: Sequence[str], profils: Mapping[str, Profil]) -> dict[str, dict[str, float]]:
    """Score every column against every field: mostly by its name, corrected by what its cells hold."""
    notes: dict[str, dict[str, float]] = {}
    for entete in entetes:
        profil, noms = profils[entete], nommer(entete)
        notes[entete] = {}
        for champ in load_champs():
            note = _note(noms.get(champ.nom, 0.0), profil.accord(champ.nom, champ.type), profil.par_valeurs(champ.type), noms.get("", 0.0))
            if note > 0.2:
                notes[entete][champ.nom] = note
    return notes


def _note(nom: float, accord: float | None, preuve: float, ignore: float) -> float:
    """Combine the likeness of names, the agreement of values (None: the column is empty) and what values prove by themselves."""
    if accord is None:
        return nom * 0.9 if nom > ignore else 0.0
    if nom >= 0.99 and nom > ignore:
        # A column that bears the very name is that column, even full of mistakes: they are then said one by one.
        return max(0.6 + 0.4 * accord, preuve)
    if nom >= 0.6 and nom > ignore:
        return max(nom * (0.85 + 0.15 * accord) if accord >= 0.5 else nom * accord, preuve)
    return preuve if ignore < 0.95 else 0.0


def _affecter(scores: Mapping[str, Mapping[str, float]], profils: Mapping[str, Profil]) -> dict[str, tuple[str, float, str]]:
    """Give each field to the column that claims it best, best claims first; one column per field, one field per column."""
    rang = {champ.nom: numero for numero, champ in enumerate(load_champs())}
    pretentions = sorted(
        ((note, entete, champ) for entete, notes in scores.items() for champ, note in notes.items() if note >= SEUIL),
        key=lambda p: (-p[0], -_priorite(p[1], p[2]), -profils[p[1]].remplissage, rang[p[2]], list(scores).index(p[1])),
    )
    affectation: dict[str, tuple[str, float, str]] = {}
    pris: set[str] = set()
    for note, entete, champ in pretentions:
        if entete in affectation or champ in pris:
            continue
        raison = "nom de la colonne" if nommer(entete).get(champ, 0.0) >= 0.6 else "valeurs"
        affectation[entete] = (champ, round(note, 2), raison)
        pris.add(champ)
    return affectation


def _priorite(entete: str, champ: str) -> int:
    """Between two headers equally right for a field, the synonym listed first in the schema is the better one."""
    synonymes = [fold_entete(mot) for mot in (find_champ(champ).titre, *find_champ(champ).synonymes)]
    plie = fold_entete(entete)
    return -synonymes.index(plie) if plie in synonymes else -1000


def _reconnaitre_acheteur(
    affectation: dict[str, tuple[str, float, str]], profils: Mapping[str, Profil], echantillon: pl.DataFrame, membre: str
) -> None:
    """A column « SIRET » may be the buyer's: when it is ours, or a public body's, or suppliers change and it does not."""
    par_champ = {champ: entete for entete, (champ, _, _) in affectation.items()}
    entete = par_champ.get("fournisseur_siret")
    if entete is None or "membre_siret" in par_champ or nommer(entete).get("fournisseur_siret", 0) < nommer(entete).get("membre_siret", 0):
        return
    if any(mot in fold_entete(entete) for mot in ("fournisseur", "tiers", "creancier", "titulaire", "tva")):
        return
    profil = profils[entete]
    fournisseur = par_champ.get("fournisseur")
    nb_fournisseurs = profils[fournisseur].distincts if fournisseur else 0
    constant = profil.distincts <= 1
    le_notre = constant and any(valeur.startswith(membre) for valeur in profil.sirets) if membre else False
    if le_notre or profil.part_publique > 0.5 or (constant and nb_fournisseurs > 3):
        affectation[entete] = ("membre_siret", 0.8, "valeurs")


def _preciser_base(affectation: dict[str, tuple[str, float, str]]) -> None:
    """A price or amount whose header says HT or TTC anywhere goes to that field, unless another column already has it."""
    pris = {champ for champ, _, _ in affectation.values()}
    for entete, (champ, confiance, raison) in list(affectation.items()):
        base = base_dite(entete) if champ in {"prix_unitaire", "montant"} else None
        if base and f"{champ}_{base}" not in pris:
            affectation[entete] = (f"{champ}_{base}", confiance, raison)


def _confirmer(
    affectation: dict[str, tuple[str, float, str]], confirmee: Mapping[str, str], entetes: Sequence[str]
) -> dict[str, tuple[str, float, str]]:
    """Put the decisions of a person above the proposal; a field she gives to a column is taken from any other."""
    connus = {champ.nom for champ in load_champs()}
    valides = {entete: champ for entete, champ in confirmee.items() if entete in entetes and (champ in connus or champ == "")}
    donnes = {champ for champ in valides.values() if champ}
    resultat = {entete: choix for entete, choix in affectation.items() if choix[0] not in donnes}
    for entete, champ in valides.items():
        resultat[entete] = (champ, 1.0, "confirmé")
    return resultat


def _colonne(
    entete: str, affectation: Mapping[str, tuple[str, float, str]], scores: Mapping[str, Mapping[str, float]], profils: Mapping[str, Profil]
) -> ColonneLue:
    champ, confiance, raison = affectation.get(entete, ("", 0.0, ""))
    autres = sorted(((nom, round(note, 2)) for nom, note in scores.get(entete, {}).items() if nom != champ), key=lambda paire: -paire[1])
    return ColonneLue(entete, champ, confiance, profils[entete].exemples, tuple(autres[:3]), raison)


def _questionner(
    lue: TableLue,
    scores: Mapping[str, Mapping[str, float]],
    profils: Mapping[str, Profil],
    echantillon: pl.DataFrame,
    confirmee: Mapping[str, str] | None,
) -> list[Question]:
    """List what must be asked: two columns for one field, a required field that no column gives, HT or TTC."""
    questions: list[Question] = []
    if lue.genre is not Genre.TABLEUR:
        return questions
    champs = lue.champs
    if not confirmee:
        questions += _deux_colonnes(lue, scores, profils, echantillon)
    questions += _champs_manquants(lue, profils)
    if ("prix_unitaire" in champs or "montant" in champs) and lue.base_taxe is None:
        entete = champs.get("prix_unitaire") or champs["montant"]
        questions.append(
            Question(
                "base_taxe",
                f"La colonne « {entete} » ne dit pas si elle est hors taxes. Ces prix sont-ils HT ou TTC ?",
                (Choix(BaseTaxe.HT, "Hors taxes (HT)"), Choix(BaseTaxe.TTC, "Toutes taxes comprises (TTC)")),
                lue.origine,
                lue.signature,
            )
        )
    return questions


def _deux_colonnes(
    lue: TableLue, scores: Mapping[str, Mapping[str, float]], profils: Mapping[str, Profil], echantillon: pl.DataFrame
) -> list[Question]:
    """Two columns that both bear the name of one field, and that do not say the same: nobody but the person knows which one counts."""
    questions = []
    for champ, entete in lue.champs.items():
        rivales = [
            autre
            for autre in lue.colonnes_ignorees
            if nommer(autre).get(champ, 0) >= 0.99 and scores.get(autre, {}).get(champ, 0) >= 0.8 and profils[autre].remplissage > 0.2
        ]
        rivales = [autre for autre in rivales if not _memes_valeurs(echantillon, entete, autre) and _aussi_bonne(entete, autre, champ)]
        if rivales:
            titre = find_champ(champ).titre
            noms = " et ".join(f"« {nom} »" for nom in (entete, *rivales))
            questions.append(
                Question(
                    "deux_colonnes",
                    f"Les colonnes {noms} peuvent toutes donner « {titre} ». Laquelle faut-il lire ?",
                    tuple(Choix(nom, f"« {nom} », par exemple : {', '.join(profils[nom].exemples)}") for nom in (entete, *rivales)),
                    lue.origine,
                    lue.signature,
                    champ,
                )
            )
    return questions


def _aussi_bonne(entete: str, autre: str, champ: str) -> bool:
    """« Date facture » is better than « Date mandat » for everybody; « Date » and « Date (2) » are not ordered."""
    if find_champ(champ).type is not TypeChamp.DATE:
        return True
    return "facture" not in fold_entete(entete) or "facture" in fold_entete(autre)


def _memes_valeurs(echantillon: pl.DataFrame, une: str, autre: str) -> bool:
    return bool((echantillon[une].fill_null("").str.strip_chars() == echantillon[autre].fill_null("").str.strip_chars()).all())


def _champs_manquants(lue: TableLue, profils: Mapping[str, Profil]) -> list[Question]:
    """A line needs a date, a label, and an amount or what makes one."""
    champs = set(lue.champs)
    manquants = [champ.nom for champ in load_champs() if champ.requis is Requis.OUI and champ.nom not in champs]
    prix = champs & {"prix_unitaire_ht", "prix_unitaire_ttc", "prix_unitaire"}
    montants = champs & {"montant_ht", "montant_ttc", "montant"}
    if not montants and not (prix and "quantite" in champs):
        manquants.append("prix_unitaire" if "quantite" in champs else "montant" if not prix else "quantite")
    questions = []
    for nom in manquants:
        libres = tuple(
            Choix(entete, f"« {entete} », par exemple : {', '.join(profils[entete].exemples)}")
            for entete in lue.colonnes_ignorees
            if profils[entete].exemples
        )
        titre = find_champ(nom).titre.removesuffix(" (HT ou TTC, à préciser)")
        questions.append(
            Question(
                "champ_manquant",
                f"Aucune colonne ne donne « {titre} » ({find_champ(nom).attendu}). Laquelle faut-il lire ?",
                libres,
                lue.origine,
                lue.signature,
                nom,
            )
        )
    return questions


def avec_lues(lue: TableLue, lues: int) -> TableLue:
    """The same table with the number of lines read in it."""
    return replace(lue, lues=lues)
