"""Files to measure with: the lines of the generator of sample data, written as town halls send them."""

from pathlib import Path

import numpy as np
import polars as pl

from sample_data.generer import generer_lignes

MEMBRE = "219900016"
GRAINE, VOCABULAIRE = 2026, "v1"
_TRANCHE = 250_000
ENTETES = (
    "Date facture", "N° facture", "Fournisseur", "SIRET", "Référence", "Désignation", "Quantité", "Unité", "PU HT", "Montant HT",
    "Taux TVA", "Compte", "CPV", "Service",
)  # fmt: skip


def cellules(nb_lignes: int, part_fautive: float = 0.0, graine: int = GRAINE, nb_libelles: int | None = None) -> pl.DataFrame:
    """The lines of one file as a French program writes them, all text; of the bad ones, half have a letter in the quantity, half a wrong
    amount. With `nb_libelles`, only the lines of that many labels are kept (those met first) and drawn again as often as needed."""
    lignes, _ = generer_lignes(graine, VOCABULAIRE, nb_lignes, nb_membres=1)
    tirage = np.random.default_rng(graine)
    if nb_libelles is not None:
        gardes = lignes["libelle"].unique(maintain_order=True).head(nb_libelles)
        lignes = lignes.filter(pl.col("libelle").is_in(gardes.implode()))
        lignes = lignes[tirage.integers(0, lignes.height, nb_lignes)]
    rang = pl.int_range(0, nb_lignes)
    fautive = pl.Series(tirage.random(nb_lignes) < part_fautive)
    lettre, montant = fautive & (rang % 2 == 0), fautive & (rang % 2 == 1)
    ht = pl.when(montant).then(pl.col("montant_ht") * 2 + 7).otherwise(pl.col("montant_ht")).cast(pl.Decimal(18, 2))
    colonnes = (
        pl.col("date").dt.strftime("%d/%m/%Y"),
        pl.format("F{}", (rang // 8).cast(pl.String).str.zfill(7)),
        pl.col("fournisseur"),
        pl.col("fournisseur_siret"),
        pl.col("reference"),
        pl.col("libelle"),
        pl.col("quantite").cast(pl.Int64).cast(pl.String) + pl.when(lettre).then(pl.lit("O")).otherwise(pl.lit("")),
        pl.col("unite"),
        _virgule(pl.col("prix_unitaire_ht").cast(pl.Decimal(18, 4))),
        _virgule(ht),
        pl.lit("20"),
        pl.col("compte"),
        pl.col("code_cpv"),
        pl.format("Service {}", rang % 12),
    )
    return lignes.select(colonne.alias(entete) for entete, colonne in zip(ENTETES, colonnes, strict=True))


def _virgule(nombre: pl.Expr) -> pl.Expr:
    return nombre.cast(pl.String).str.replace(".", ",", literal=True)


def ecrire_csv(chemin: Path, nb_lignes: int, part_fautive: float = 0.0, nb_libelles: int | None = None) -> None:
    """Write a cp1252 file, « ; » between cells, CR LF at line ends."""
    table = cellules(nb_lignes, part_fautive, nb_libelles=nb_libelles)
    with chemin.open("wb") as sortie:
        sortie.write((";".join(ENTETES) + "\r\n").encode("cp1252"))
        for debut in range(0, nb_lignes, _TRANCHE):
            texte = table.slice(debut, _TRANCHE).write_csv(separator=";", include_header=False, line_terminator="\r\n")
            sortie.write(texte.encode("cp1252", errors="replace"))
