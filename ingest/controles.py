"""Each rule is one small object: which lines, which column, what was expected, what to do, and whether the line must wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from ingest.vocabulaire import Nature

DATE_MIN: Final = date(2000, 1, 1)
"""Purchases before the euro are a slip of the finger."""


@dataclass(frozen=True)
class Regle:
    """One check on typed lines.

    `condition` selects the faulty lines; `champ` is the field whose column is blamed (None: the whole line); `attendu` completes « nous
    attendions … »; `geste` is what to do; `lu` says what was read when it is not the cell itself. A blocking rule sends the line to « à corriger ».
    """

    code: str
    champ: str | None
    attendu: str
    geste: str
    bloquante: bool
    condition: pl.Expr
    lu: pl.Expr | None = None


def regles(recu_le: date | None = None) -> tuple[Regle, ...]:
    """All the checks of a line by itself, in the order in which a person would make them."""
    return (*_presence(), *_dates(recu_le), *_produits(), *_taxes(), *_remarques())


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
    """Quantity × price = amount within rounding, else say which of the three disagrees when the line proves it."""
    q, p, m = (pl.col(nom).cast(pl.Float64) for nom in ("_q_lue", "_p_lu", "_m_lu"))
    ecart = (q * p - m).abs() > _tolerance(q, p, m)
    faux = (ecart & q.is_not_null() & p.is_not_null() & m.is_not_null()).fill_null(False)
    taux = 1 + pl.col("taux_tva").cast(pl.Float64) / 100
    autre_base = (pl.any_horizontal([(q * p * f - m).abs() <= _tolerance(q, p, m) for f in (taux, 1 / taux)])).fill_null(False)
    puissance = pl.any_horizontal(
        [(q * p * f - m).abs() <= _tolerance(q, p, m) for f in (10.0, 100.0, 1000.0, 0.1, 0.01, 0.001)]
    ).fill_null(False)
    montant_sur = _montant_confirme()
    q_entiere = ((m / p) - (m / p).round(0)).abs() < 0.0005
    dit = pl.format("{} × {} = {} et non {}", _nombre(q), _nombre(p), _nombre((q * p).round(2)), _nombre(m))
    reste = faux & ~autre_base & ~puissance
    return (
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
            "quantité × prix unitaire = montant",
            "La virgule semble déplacée : corrigez la quantité, le prix ou le montant.",
            True,
            faux & ~autre_base & puissance,
            dit,
        ),
        Regle(
            "quantite_incoherente",
            "quantite",
            "quantité × prix unitaire = montant",
            "La quantité semble fausse : corrigez-la.",
            True,
            reste & montant_sur & q_entiere,
            dit,
        ),
        Regle(
            "prix_incoherent",
            "_p_lu",
            "quantité × prix unitaire = montant",
            "Le prix unitaire semble faux : corrigez-le.",
            True,
            reste & montant_sur & ~q_entiere,
            dit,
        ),
        Regle(
            "produit_incoherent",
            "_m_lu",
            "quantité × prix unitaire = montant",
            "Corrigez celui des trois qui est faux.",
            True,
            reste & ~montant_sur,
            dit,
        ),
        Regle(
            "quantite_nulle",
            "quantite",
            "une quantité différente de zéro",
            "Complétez la quantité, ou videz la cellule si elle est inconnue.",
            True,
            (pl.col("_q_lue") == 0) & (m != 0),
        ),
    )


def _montant_confirme() -> pl.Expr:
    """HT and TTC agree through the rate: the amount is right, so the fault is elsewhere."""
    ht, ttc, taux = (pl.col(nom).cast(pl.Float64) for nom in ("montant_ht", "montant_ttc", "taux_tva"))
    return (pl.col("_ht_et_ttc_lus") & ((ht * (1 + taux / 100) - ttc).abs() <= 0.02)).fill_null(False)


def _tolerance(q: pl.Expr, p: pl.Expr, m: pl.Expr) -> pl.Expr:
    """A price written with two decimals is wrong by half a cent at most, and each unit repeats it; one more cent for the amount."""
    return 0.011 + pl.min_horizontal(q.abs() * 0.005, pl.max_horizontal(m.abs() * 0.05, pl.lit(0.05)))


def _taxes() -> tuple[Regle, ...]:
    ht, ttc, taux = (pl.col(nom).cast(pl.Float64) for nom in ("montant_ht", "montant_ttc", "taux_tva"))
    lus = pl.col("_ht_et_ttc_lus")
    inverse = (lus & (ttc.abs() < ht.abs() - 0.02)).fill_null(False)
    faux = (lus & ~inverse & ((ht * (1 + taux / 100) - ttc).abs() > 0.02 + ht.abs() * 0.0005)).fill_null(False)
    trop = (lus & ~inverse & taux.is_null() & (ttc.abs() > ht.abs() * 1.25 + 0.02)).fill_null(False)
    dit = pl.format("{} HT et {} TTC", _nombre(ht), _nombre(ttc))
    return (
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
    """Write a number as people do: decimal comma, no useless zero."""
    return valeur.round(6).cast(pl.String).str.replace(r"\.0$", "").str.replace(".", ",", literal=True)


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
    "annee_seule": Consigne("Ajoutez le jour et le mois.", True, " (une année seule)"),
    "au_mois": Consigne("Le jour n'est pas dit : la ligne est datée du premier du mois.", False),
    "cle_fausse": Consigne("Un chiffre est faux : vérifiez ce numéro. Il n'est pas retenu, la ligne est gardée.", False),
    "scientifique": Consigne(
        "Votre tableur a arrondi ce numéro : mettez la colonne au format « Texte » et collez-le de nouveau. Il n'est pas retenu, la ligne est gardée.",
        False,
    ),
    "longueur": Consigne("Il manque ou il y a trop de chiffres : vérifiez ce numéro. Il n'est pas retenu, la ligne est gardée.", False),
    "zero_rendu": Consigne("Le zéro de tête perdu par le tableur a été remis.", False),
    "repare": Consigne("Le numéro arrondi par le tableur a été rétabli d'après le reste du fichier.", False),
    "inconnu": Consigne("Vérifiez le taux de TVA ; la ligne est gardée.", False),
}
"""What to say by `Defaut`, whatever the field; a field that makes no purchase (SIRET, barcode, rate) never makes its line wait."""

CHAMPS_ACCESSOIRES: Final = frozenset({"fournisseur_siret", "membre_siret", "gtin", "taux_tva", "remise", "montant_tva"})
"""Fields whose defect is said but does not stop a line."""
