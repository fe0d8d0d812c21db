"""Each rule is one small object: which lines, which column, what was expected, what to do, and whether the line must wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import polars as pl

from ingest.vocabulaire import Nature

DATE_MIN: Final = date(2000, 1, 1)
"""Purchases before the euro are a slip of the finger."""


@dataclass(frozen=True)
class Regle:
    """One check on typed lines.

    `condition` selects the faulty lines; `champ` is the field whose column is blamed (None: the whole line); `attendu` completes « nous
    attendions … »; `geste` is what to do; `lu` says what was read when it is not the cell itself.
    A blocking rule sends the line to « à corriger ».
    """

    code: str
    champ: str | None
    attendu: str
    geste: str
    bloquante: bool
    condition: pl.Expr
    lu: pl.Expr | None = None


@lru_cache(maxsize=64)
def regles(recu_le: date | None = None, acheteur: str | None = None) -> tuple[Regle, ...]:
    """All the checks of a line by itself, in the order in which a person would make them.

    `recu_le` is the day the file was received. `acheteur` is the SIREN of the membre when the file holds purchases of several
    buyers: the lines of the others then wait.
    """
    return (*_presence(), *_acheteur(acheteur), *_dates(recu_le), *_produits(), *_taxes(), *_remarques())


@lru_cache(maxsize=64)
def sain(recu_le: date | None = None, acheteur: str | None = None) -> pl.Expr:
    """Lines that no rule of `regles` can blame, said in one cheap expression: the rules then look at the others only.

    It may miss a sound line (the rules decide), never pass a faulty one: a test compares both on any line.
    """
    q, p, m, ht, ttc, taux = (pl.col(nom).cast(pl.Float64) for nom in ("_q_lue", "_p_lu", "_m_lu", "montant_ht", "montant_ttc", "taux_tva"))
    tard = min(date(2100, 1, 1) - timedelta(days=1), recu_le + timedelta(days=31) if recu_le else date.max)
    conditions = [
        pl.col("libelle").is_not_null(),
        pl.col("date").is_between(DATE_MIN, tard).fill_null(False),
        pl.coalesce("montant_ht", "montant_ttc").is_not_null(),
        ((q * p - m).abs() <= 0.011).fill_null(True) & (q != 0).fill_null(True) & (p > 0).fill_null(True),
        ~pl.col("_ht_et_ttc_lus") | ((ht * (1 + taux / 100) - ttc).abs() <= 0.015).fill_null(False),
        pl.col("fournisseur").is_not_null() | pl.col("fournisseur_siret").is_not_null(),
        ~pl.col("_signes_contraires"),
    ]
    if acheteur is not None:
        conditions.append((pl.col("membre_siret").str.head(9) == acheteur).fill_null(True))
    return pl.all_horizontal(conditions)


def _acheteur(acheteur: str | None) -> tuple[Regle, ...]:
    if acheteur is None:
        return ()
    autre = pl.col("membre_siret").str.head(9) != acheteur
    return (
        Regle(
            "acheteur_different",
            "membre_siret",
            "un achat de votre collectivité",
            "Cette ligne est celle d'un autre acheteur : déposez-la pour lui.",
            True,
            autre,
        ),
    )


def _presence() -> tuple[Regle, ...]:
    sans_montant = pl.coalesce("montant_ht", "montant_ttc").is_null() & ~_a_defaut(
        "quantite", "prix_unitaire_ht", "prix_unitaire_ttc", "montant_ht", "montant_ttc"
    )
    return (
        Regle(
            "libelle_absent",
            "libelle",
            "la désignation de ce qui est acheté",
            "Complétez la désignation.",
            True,
            pl.col("libelle").is_null(),
        ),
        Regle("date_absente", "date", "la date de la facture", "Complétez la date.", True, pl.col("date").is_null() & ~_a_defaut("date")),
        Regle(
            "montant_absent",
            "montant_ht",
            "un montant, ou une quantité et un prix unitaire",
            "Complétez le montant de la ligne.",
            True,
            sans_montant,
        ),
    )


def _dates(recu_le: date | None) -> tuple[Regle, ...]:
    geste = "Vérifiez l'année."
    regles = [
        Regle("date_improbable", "date", "une date d'achat postérieure à l'an 2000", geste, True, pl.col("date") < DATE_MIN),
        Regle("date_improbable", "date", "une date d'achat déjà passée", geste, True, pl.col("date") >= date(2100, 1, 1)),
    ]
    if recu_le:
        tard = pl.col("date") > recu_le + timedelta(days=31)
        regles.append(Regle("date_future", "date", "une date d'achat déjà passée", geste, True, tard & (pl.col("date") < date(2100, 1, 1))))
    return tuple(regles)


def _produits() -> tuple[Regle, ...]:
    """Quantity × price = amount within rounding, else say which of the three disagrees when the rest of the line proves it."""
    q, p, m = (pl.col(nom).cast(pl.Float64) for nom in ("_q_lue", "_p_lu", "_m_lu"))
    faux = _produit_faux()
    facteur = 1 + pl.col("taux_tva").cast(pl.Float64) / 100
    autre_base = pl.any_horizontal([_egal(q * p * f, m, q) for f in (facteur, 1 / facteur)]).fill_null(False)
    puissance = pl.any_horizontal([_egal(q * p * f, m, q) for f in (10.0, 100.0, 1000.0, 0.1, 0.01, 0.001)]).fill_null(False)
    montant_sur, produit_sur = _taxes_justes(), _produit_confirme()
    quantite_entiere = ((m / p) - (m / p).round(0)).abs() < 0.0005
    dit = pl.format("{} × {} = {} et non {}", _nombre(q), _nombre(p), _nombre((q * p).round(2)), _nombre(m))
    attendu = "quantité × prix unitaire = montant"
    autre_base = autre_base & ~produit_sur
    reste = faux & ~produit_sur & ~autre_base & ~puissance
    return (
        Regle("montant_incoherent", "_m_lu", attendu, "Le montant semble faux : corrigez-le.", True, faux & produit_sur, dit),
        Regle(
            "base_taxe_melangee",
            "_m_lu",
            "un prix et un montant tous deux hors taxes, ou tous deux TTC",
            "Le prix et le montant n'ont pas la même taxe : corrigez l'un des deux.",
            True,
            faux & autre_base,
            dit,
        ),
        Regle(
            "virgule_deplacee",
            "_p_lu",
            attendu,
            "La virgule semble déplacée : corrigez la quantité, le prix ou le montant.",
            True,
            faux & ~produit_sur & ~autre_base & puissance,
            dit,
        ),
        Regle(
            "quantite_incoherente",
            "quantite",
            attendu,
            "La quantité semble fausse : corrigez-la.",
            True,
            reste & montant_sur & quantite_entiere,
            dit,
        ),
        Regle(
            "prix_incoherent",
            "_p_lu",
            attendu,
            "Le prix unitaire semble faux : corrigez-le.",
            True,
            reste & montant_sur & ~quantite_entiere,
            dit,
        ),
        Regle("produit_incoherent", "_m_lu", attendu, "Corrigez celui des trois qui est faux.", True, reste & ~montant_sur, dit),
        Regle(
            "quantite_nulle",
            "quantite",
            "une quantité différente de zéro",
            "Complétez la quantité, ou videz la cellule si elle est inconnue.",
            True,
            (pl.col("_q_lue") == 0) & (m != 0),
        ),
    )


def _produit_faux() -> pl.Expr:
    """The three were read and do not agree."""
    q, p, m = (pl.col(nom).cast(pl.Float64) for nom in ("_q_lue", "_p_lu", "_m_lu"))
    return (~_egal(q * p, m, q) & (q != 0)).fill_null(False)


def _egal(produit: pl.Expr, montant: pl.Expr, quantite: pl.Expr) -> pl.Expr:
    """A price with two decimals is wrong by half a cent at most, and each unit repeats it (up to five per cent); a cent for the amount."""
    arrondi = pl.min_horizontal(quantite.abs() * 0.005, pl.max_horizontal(montant.abs() * 0.05, pl.lit(0.05)))
    return (produit - montant).abs() <= 0.011 + arrondi


def _taxes_justes() -> pl.Expr:
    """HT and TTC agree through the rate: the amount is right, so a fault is elsewhere."""
    ht, ttc, taux = (pl.col(nom).cast(pl.Float64) for nom in ("montant_ht", "montant_ttc", "taux_tva"))
    return (pl.col("_ht_et_ttc_lus") & ((ht * (1 + taux / 100) - ttc).abs() <= 0.02)).fill_null(False)


def _produit_confirme() -> pl.Expr:
    """Quantity × price, taxed, gives the amount read in the other basis: the product is right, so the amount is wrong."""
    q, p, ht, ttc, taux = (pl.col(nom).cast(pl.Float64) for nom in ("_q_lue", "_p_lu", "montant_ht", "montant_ttc", "taux_tva"))
    en_ht = pl.col("_m_lu") == pl.col("montant_ht")
    autre = pl.when(en_ht).then(_egal(q * p * (1 + taux / 100), ttc, q)).otherwise(_egal(q * p / (1 + taux / 100), ht, q))
    return (pl.col("_ht_et_ttc_lus") & autre).fill_null(False)


def _taxes() -> tuple[Regle, ...]:
    ht, ttc, taux = (pl.col(nom).cast(pl.Float64) for nom in ("montant_ht", "montant_ttc", "taux_tva"))
    lus = pl.col("_ht_et_ttc_lus") & ~(_produit_faux() & _produit_confirme())
    inverse = (lus & (ttc.abs() < ht.abs() - 0.02)).fill_null(False)
    faux = (lus & ~inverse & ((ht * (1 + taux / 100) - ttc).abs() > 0.02 + ht.abs() * 0.0005)).fill_null(False)
    trop = (lus & ~inverse & taux.is_null() & (ttc.abs() > ht.abs() * 1.25 + 0.02)).fill_null(False)
    dit = pl.format("{} HT et {} TTC", _nombre(ht), _nombre(ttc))
    return (
        Regle(
            "signes_contraires",
            "montant_ttc",
            "des montants HT et TTC de même signe",
            "L'un est négatif et l'autre positif : corrigez celui qui est faux.",
            True,
            pl.col("_signes_contraires"),
        ),
        Regle(
            "ht_ttc_inverses",
            "montant_ttc",
            "un montant TTC supérieur au montant HT",
            "Les montants HT et TTC semblent inversés : corrigez-les.",
            True,
            inverse,
            dit,
        ),
        Regle(
            "ht_ttc_incoherents",
            "montant_ttc",
            "montant HT + TVA = montant TTC",
            "Corrigez le taux, le montant HT ou le montant TTC.",
            True,
            faux | trop,
            dit,
        ),
    )


def _remarques() -> tuple[Regle, ...]:
    """Said once, kept anyway."""
    return (
        Regle(
            "fournisseur_absent",
            "fournisseur",
            "le nom du fournisseur",
            "Complétez le nom du fournisseur si vous le connaissez.",
            False,
            pl.col("fournisseur").is_null() & pl.col("fournisseur_siret").is_null(),
        ),
        Regle(
            "prix_nul",
            "_p_lu",
            "un prix supérieur à zéro",
            "Cette ligne gratuite est gardée, mais ne compte pas comme un prix.",
            False,
            (pl.col("_p_lu") == 0) & (pl.col("nature") == Nature.ACHAT),
        ),
    )


def _a_defaut(*champs: str) -> pl.Expr:
    """Whether one of these cells was there and could not be read: the line is then blamed for that, not for an absence."""
    return pl.any_horizontal([pl.col(f"_defaut_{champ}").is_not_null() for champ in champs])


def _nombre(valeur: pl.Expr) -> pl.Expr:
    """Write a number as people do: narrow space between thousands, decimal comma, no useless zero."""
    texte = valeur.round(6).abs().cast(pl.Decimal(20, 6)).cast(pl.String)
    entier, fraction = texte.str.head(-7), texte.str.tail(6).str.strip_chars_end("0")
    milliers = pl.when(entier.str.len_bytes() > 6).then(
        pl.concat_str(entier.str.head(-6), pl.lit(ESPACE_FINE), entier.str.tail(6).str.head(3), pl.lit(ESPACE_FINE), entier.str.tail(3))
    )
    groupes = (
        milliers.when(entier.str.len_bytes() > 3)
        .then(pl.concat_str(entier.str.head(-3), pl.lit(ESPACE_FINE), entier.str.tail(3)))
        .otherwise(entier)
    )
    signe = pl.when(valeur < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(signe, groupes, pl.when(fraction != "").then(pl.concat_str(pl.lit(","), fraction)).otherwise(pl.lit("")))


ESPACE_FINE: Final = "\u202f"


@dataclass(frozen=True)
class Consigne:
    """What to say about a cell that cannot be read: what to do, and whether its line must wait."""

    geste: str
    bloquante: bool
    precision: str = ""


CONSIGNES: Final[Mapping[str, Consigne]] = {
    "illisible": Consigne("Corrigez la cellule.", True),
    "lettre_o": Consigne("Corrigez la cellule.", True, " (lettre O au lieu du chiffre zéro)"),
    "lettre_l": Consigne("Corrigez la cellule.", True, " (lettre l au lieu du chiffre un)"),
    "trop_grand": Consigne("Ce nombre est trop grand pour un achat : corrigez la cellule.", True),
    "inexistante": Consigne("Ce jour n'existe pas : corrigez la date.", True),
    "mois_avant_jour": Consigne(
        "Remettez le jour avant le mois. Si toute la colonne est écrite ainsi, ses autres dates ont été lues à l'envers : "
        "corrigez la colonne dans votre tableur, puis déposez de nouveau le fichier.",
        True,
        " (le mois avant le jour)",
    ),
    "annee_seule": Consigne("Ajoutez le jour et le mois.", True, " (une année seule)"),
    "au_mois": Consigne("Le jour n'est pas dit : la ligne est datée du premier du mois.", False),
    "cle_fausse": Consigne("Un chiffre est faux : vérifiez ce numéro. Il n'est pas retenu, la ligne est gardée.", False),
    "scientifique": Consigne(
        "Votre tableur a arrondi ce numéro : mettez la colonne au format « Texte » et collez-le de nouveau. "
        "Il n'est pas retenu, la ligne est gardée.",
        False,
    ),
    "longueur": Consigne("Il manque ou il y a trop de chiffres : vérifiez ce numéro. Il n'est pas retenu, la ligne est gardée.", False),
    "zero_rendu": Consigne("Le zéro de tête perdu par le tableur a été remis.", False),
    "repare": Consigne("Le numéro arrondi par le tableur a été rétabli : un seul numéro connu lui correspond. Vérifiez-le.", False),
    "inconnu": Consigne("Vérifiez le taux de TVA ; la ligne est gardée.", False),
}
"""What to say by `Defaut`, whatever the field; a field that makes no purchase (SIRET, barcode, rate) never makes its line wait."""

CHAMPS_ACCESSOIRES: Final = frozenset({"fournisseur_siret", "membre_siret", "gtin", "taux_tva", "remise", "montant_tva"})
"""Fields whose defect is said but does not stop a line."""
