"""Text files: rows to bytes, with the physical row number a person sees in her editor."""

from datetime import date
from decimal import Decimal

from sample_data.generation.dispositions import Disposition
from sample_data.generation.ecriture import Rangee
from sample_data.generation.erreurs_plantees import Cellule
from sample_data.generation.fournisseurs import sans_accents


def ecrire_texte(rangees: list[Rangee], disposition: Disposition) -> tuple[bytes, list[int]]:
    """The bytes of the file, and for each row the 1-based physical row of its first line."""
    fin = disposition.fin_de_ligne
    lignes: list[str] = []
    numeros: list[int] = []
    numero = 1
    for rangee in rangees:
        champs = [champ for _, champ in disposition.colonnes]
        texte = disposition.separateur.join(
            _cellule(valeur, champ, disposition) for valeur, champ in zip(rangee.cellules, champs, strict=True)
        )
        lignes.append(texte)
        numeros.append(numero)
        numero += 1 + texte.count("\n")
    return _encoder(fin.join(lignes) + fin, disposition.encodage), numeros


def _encoder(texte: str, encodage: str) -> bytes:
    """Bytes of the text; a character the encoding lacks (« ² » in MacRoman) becomes its plain form, as old software does."""
    connus: dict[str, str | int | None] = {}
    for caractere in set(texte):
        try:
            caractere.encode(encodage)
        except UnicodeEncodeError:
            connus[caractere] = sans_accents(caractere)
    return texte.translate(str.maketrans(connus)).encode(encodage)


def _cellule(valeur: Cellule, champ: str, disposition: Disposition) -> str:
    texte = en_texte(valeur, champ, disposition)
    est_texte = isinstance(valeur, str) and champ != "exercice"
    if (disposition.guillemets and est_texte) or disposition.separateur in texte or '"' in texte or "\n" in texte:
        return '"' + texte.replace('"', '""') + '"'
    return texte


def en_texte(valeur: Cellule, champ: str, disposition: Disposition) -> str:
    """A cell as the layout prints it."""
    if valeur is None:
        return ""
    if isinstance(valeur, date):
        return disposition.jour(valeur)
    if isinstance(valeur, Decimal):
        return disposition.montant(valeur) if champ in {"montant_ht", "montant_ttc", "pu_ttc"} else disposition.nombre(valeur)
    return valeur
