"""A column of text becomes a column of values: each distinct text is read once, common forms by expressions, rare ones one by one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from ingest.codage import coder
from ingest.identifiants import masquer
from ingest.schema import Champ, TypeChamp
from ingest.valeurs import ESPACES, MOINS, VIDES, Lu, Style, arrondir, lire_gtin, lire_nombre, lire_siret, lire_taux
from ingest.valeurs_dates import lire_date

DECIMALES: Final = {"quantite": 4, "prix_unitaire_ht": 6, "prix_unitaire_ttc": 6, "prix_unitaire": 6, "remise": 4}
"""Decimals kept for each number; amounts have two."""

_CARACTERES: Final = dict.fromkeys(ESPACES, " ") | dict.fromkeys(MOINS, "-")
_BLANCS: Final = re.compile(rf"[{ESPACES} ]+")
_TRADUCTION: Final = str.maketrans(_CARACTERES)
_ENTIER: Final = re.compile(r"^(\d+)[.,]0$")
_PEU: Final = 100
"""So few texts are read sooner one by one than by expressions, each of which costs its making."""
_TRAVAIL: Final = pl.Decimal(38, 10)
_BORDS: Final = " €\u00a0\u202f"
_NOMBRE_SIMPLE: Final = r"^-?(?:[0-9]{1,3}(?: [0-9]{3}){1,4}|[0-9]{1,12})(?:[.,][0-9]{1,9})?$"
_LONGUEUR_NIR: Final = 15
_PEUT_ETRE_NIR: Final = r"[12][ .]?[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9][0-9ABab][ .]?[0-9]{3}[ .]?[0-9]{3}[ .-]?[0-9]{2}"
_PEUT_ETRE_IBAN: Final = r"[A-Za-z]{2}[0-9]{2} ?[A-Za-z0-9]{4} ?[A-Za-z0-9]{4} ?[A-Za-z0-9]{3}"


@dataclass(frozen=True)
class Typage:
    """One typed column, and for each line the defect met (a `Defaut`), or None when the column has none."""

    valeurs: pl.Series
    defauts: pl.Series | None


def typer(colonne: pl.Series, champ: Champ, *, style: Style = Style.FRANCAIS, substitutions: Mapping[str, str] | None = None) -> Typage:
    """Type a column of text as its field asks: Decimal, Date or String; what cannot be read is null and has a defect."""
    if champ.type is TypeChamp.NOMBRE and not substitutions:
        lus = _lire_nombres(colonne, DECIMALES.get(champ.nom, 2), style)
        return Typage(lus["valeur"].alias(champ.nom), _ou_rien(lus["defaut"]))
    codage = coder(colonne)
    lus = lire_distincts(codage.distincts, champ, style, substitutions)
    defauts = _ou_rien(lus["defaut"])
    return Typage(codage.etendre(lus["valeur"]).alias(champ.nom), None if defauts is None else codage.etendre(defauts))


def lire_distincts(distincts: pl.Series, champ: Champ, style: Style, substitutions: Mapping[str, str] | None) -> pl.DataFrame:
    """Read texts once each: columns `valeur` and `defaut`, in the same order. `substitutions` says what to read instead of some texts."""
    return _lire_distincts(_substituer(distincts, substitutions or {}), champ, style)


def _ou_rien(defauts: pl.Series) -> pl.Series | None:
    return None if defauts.null_count() == defauts.len() else defauts


def detecter_style(colonne: pl.Series) -> Style:
    """Say how a column writes its numbers, from the cells that leave no doubt: `1,234.56` or `1.234,56`."""
    douteux = colonne.filter(colonne.str.contains(r"\d[.,]\d{3}[.,]\d"))
    if douteux.is_empty():
        return Style.FRANCAIS
    anglais = int(douteux.str.contains(r",\d{3}\.\d").sum())
    europeen = int(douteux.str.contains(r"\.\d{3},\d").sum())
    if anglais > europeen:
        return Style.ANGLAIS
    return Style.EUROPEEN if europeen else Style.FRANCAIS


def masquer_colonne(colonne: pl.Series) -> pl.Series:
    """Take the social security numbers and bank accounts out of a column of text; costs nothing when there are none."""
    # Plain patterns that let too much through: those of `ingest.identifiants` are exact, and ten times slower on a whole column.
    longs = colonne.filter(colonne.str.len_bytes() >= _LONGUEUR_NIR)
    if longs.is_empty():
        return colonne
    suspects = longs.filter(longs.str.contains(f"{_PEUT_ETRE_NIR}|{_PEUT_ETRE_IBAN}"))
    if suspects.is_empty():
        return colonne
    suspects = suspects.unique()
    masques = {texte: masquer(texte) for texte in suspects.to_list() if masquer(texte) != texte}
    return colonne.replace(masques) if masques else colonne


def _substituer(distincts: pl.Series, substitutions: Mapping[str, str]) -> pl.Series:
    """Read another text where a person said so; spaces and case around do not matter."""
    if not substitutions:
        return distincts
    plie = {cle.strip().casefold(): valeur for cle, valeur in substitutions.items()}
    return pl.Series("texte", [plie.get(texte.strip().casefold(), texte) for texte in distincts.to_list()], dtype=pl.String)


def _lire_distincts(distincts: pl.Series, champ: Champ, style: Style) -> pl.DataFrame:
    """Columns `valeur` and `defaut`, one row per distinct text."""
    if distincts.len() <= _PEU and champ.type in _UN_A_UN:
        lire, dtype = _UN_A_UN[champ.type]
        return _lire_un_a_un(distincts, lire, dtype)
    match champ.type:
        case TypeChamp.NOMBRE:
            return _lire_nombres(distincts, DECIMALES.get(champ.nom, 2), style)
        case TypeChamp.DATE:
            return _lire_dates(distincts)
        case TypeChamp.CODE:
            return _lire_codes(distincts)
        case TypeChamp.TEXTE:
            return _lire_textes(distincts)
        case _:
            lire, dtype = _UN_A_UN[champ.type]
            return _lire_un_a_un(distincts, lire, dtype)


def _net() -> pl.Expr:
    """`ingest.valeurs.nettoyer` as an expression."""
    return pl.col("texte").str.replace_many(_CARACTERES).str.strip_chars(" ")


def _lire_nombres(textes: pl.Series, decimales: int, style: Style) -> pl.DataFrame:
    """Read plain numbers as they stand, and the others after cleaning, once per distinct text."""
    dtype = pl.Decimal(18, decimales)
    net = textes.str.strip_chars(_BORDS)
    fraction = rf"(?:[.,][0-9]{{1,{decimales}}})?" if style is Style.FRANCAIS else ""
    simple = net.str.contains(rf"^-?[0-9]{{1,12}}{fraction}$")
    # Every plain text has no more decimals than are kept: the cast does not round (it would round half to even).
    valeurs = (
        net.set(~simple, None).str.replace(",", ".", literal=True).cast(dtype)
        if not simple.all()
        else net.str.replace(",", ".", literal=True).cast(dtype)
    )
    rares = (~simple).arg_true()
    if rares.is_empty():
        return pl.DataFrame({"valeur": valeurs, "defaut": pl.Series([None], dtype=pl.String).new_from_index(0, textes.len())})
    codage = coder(textes.gather(rares))
    lus = _lire_nombres_rares(codage.distincts, decimales, style)
    defauts = pl.Series([None], dtype=pl.String).new_from_index(0, textes.len())
    return pl.DataFrame(
        {
            "valeur": valeurs.scatter(rares, codage.etendre(lus["valeur"])),
            "defaut": defauts.scatter(rares, codage.etendre(lus["defaut"])),
        }
    )


def _lire_nombres_rares(distincts: pl.Series, decimales: int, style: Style) -> pl.DataFrame:
    dtype = pl.Decimal(18, decimales)
    table = distincts.alias("texte").to_frame().with_columns(_net().str.strip_chars(" €").alias("net"))
    simple = pl.col("net").str.contains(_NOMBRE_SIMPLE) & (pl.lit(style is Style.FRANCAIS) | ~pl.col("net").str.contains("[.,]"))
    nu = pl.col("net").str.replace_all(" ", "", literal=True).str.replace(",", ".", literal=True)
    arrondi = pl.when(simple).then(nu).cast(_TRAVAIL, strict=False).round(decimales, mode="half_away_from_zero").cast(dtype, strict=False)
    table = table.with_columns(simple.alias("simple"), arrondi.alias("valeur"))
    return _completer(table, lambda texte: _arrondi(lire_nombre(texte, style), decimales), dtype)


def _arrondi(lu: Lu[Decimal], decimales: int) -> Lu[Decimal]:
    return lu if lu.valeur is None else Lu(arrondir(lu.valeur, decimales), lu.defaut)


def _lire_dates(distincts: pl.Series) -> pl.DataFrame:
    net = pl.col("texte").str.strip_chars(" ")
    table = (
        distincts.alias("texte")
        .to_frame()
        .with_columns(
            pl.coalesce(
                pl.when(net.str.contains(r"^[0-9]{2}/[0-9]{2}/[1-9][0-9]{3}$")).then(net).str.to_date("%d/%m/%Y", strict=False),
                pl.when(net.str.contains(r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?$"))
                .then(net.str.head(10))
                .str.to_date("%Y-%m-%d", strict=False),
            ).alias("valeur")
        )
    )
    return _completer(table.with_columns(pl.col("valeur").is_not_null().alias("simple")), lire_date, pl.Date())


def _lire_textes(distincts: pl.Series) -> pl.DataFrame:
    """Trim, one space between words, personal numbers out; a word that means nothing is nothing."""
    if distincts.str.contains(rf"[{ESPACES}]|  ").any():
        distincts = distincts.str.replace_all(rf"[{ESPACES} ]+", " ")
    table = (
        distincts.alias("texte")
        .to_frame()
        .with_columns(  # The apostrophe is the one that exports put before a text that a spreadsheet would run as a formula.
            pl.col("texte").str.strip_chars(" ").str.replace(r"^'([=+@-])", "${1}").alias("net")
        )
    )
    valeur = pl.when(~pl.col("net").str.to_lowercase().is_in(list(VIDES))).then(pl.col("net"))
    return _sans_defaut(masquer_colonne(table.select(valeur.alias("valeur")).to_series()))


def _lire_codes(distincts: pl.Series) -> pl.DataFrame:
    """`ingest.valeurs.lire_code` as an expression."""
    table = distincts.alias("texte").to_frame().select(_net().alias("net"))
    valeur = pl.when(~pl.col("net").str.to_lowercase().is_in(list(VIDES))).then(pl.col("net").str.replace(r"^(\d+)[.,]0$", "${1}"))
    return _sans_defaut(masquer_colonne(table.select(valeur.alias("valeur")).to_series()))


def _sans_defaut(valeurs: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"valeur": valeurs, "defaut": pl.Series([None], dtype=pl.String).new_from_index(0, valeurs.len())})


def _lire_un_a_un(distincts: pl.Series, lire: Callable[[str], Lu[Any]], dtype: pl.DataType) -> pl.DataFrame:
    lus = [lire(texte) for texte in distincts.to_list()]
    valeurs, defauts = [lu.valeur for lu in lus], [lu.defaut for lu in lus]
    return pl.DataFrame({"valeur": pl.Series(valeurs, dtype=dtype), "defaut": pl.Series(defauts, dtype=pl.String)})


def _lire_texte(texte: str) -> Lu[str]:
    """What `_lire_textes` does, for one text."""
    net = re.sub(r"^'([=+@-])", r"\1", _BLANCS.sub(" ", texte).strip(" "))
    return Lu(None if net.lower() in VIDES else masquer(net))


def _lire_code(texte: str) -> Lu[str]:
    """What `_lire_codes` does, for one text."""
    net = texte.translate(_TRADUCTION).strip(" ")
    return Lu(None if net.lower() in VIDES else masquer(_ENTIER.sub(r"\1", net)))


_UN_A_UN: Final[Mapping[TypeChamp, tuple[Callable[[str], Lu[Any]], pl.DataType]]] = {
    TypeChamp.SIRET: (lire_siret, pl.String()),
    TypeChamp.GTIN: (lire_gtin, pl.String()),
    TypeChamp.TAUX: (lire_taux, pl.Decimal(5, 2)),
    TypeChamp.CODE: (_lire_code, pl.String()),
    TypeChamp.TEXTE: (_lire_texte, pl.String()),
}


def _completer(table: pl.DataFrame, lire: Callable[[str], Lu[Any]], dtype: pl.DataType) -> pl.DataFrame:
    """Have the rare forms read one by one, beside those that expressions read."""
    rares = table.filter(~pl.col("simple").fill_null(False) & pl.col("texte").is_not_null())["texte"].unique(maintain_order=True).to_list()
    lus: list[Lu[Decimal | date | str]] = [lire(texte) for texte in rares]
    lents = pl.DataFrame(
        {
            "texte": pl.Series(rares, dtype=pl.String),
            "lente": pl.Series([lu.valeur for lu in lus], dtype=dtype),
            "defaut": pl.Series([lu.defaut for lu in lus], dtype=pl.String),
        }
    )
    if lents.is_empty():
        return table.select("valeur", pl.lit(None, pl.String).alias("defaut"))
    return table.join(lents, on="texte", how="left", maintain_order="left").select(
        pl.when(pl.col("simple").fill_null(False)).then("valeur").otherwise("lente").alias("valeur"), "defaut"
    )
