"""A Factur-X or ZUGFeRD PDF is read by the invoice it carries inside, never by its picture."""

import io
import logging

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ingest.erreurs import FichierRefuse

# Names given by the standards; any other attached .xml is tried after them.
_NOMS = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
_TAILLE_MAX = 100 << 20


def extraire_xml(octets: bytes, nom: str) -> bytes:
    """Return the invoice attached to a PDF. Raises `FichierRefuse` with what to ask the supplier when there is none."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it writes a line for each fault of a damaged file
    try:
        lecteur = PdfReader(io.BytesIO(octets))
        if lecteur.is_encrypted and not lecteur.decrypt(""):
            raise FichierRefuse(
                f"Le PDF « {nom} » est protégé par un mot de passe. Demandez à votre fournisseur la facture sans protection."
            )
        pieces = {str(titre).casefold(): contenus for titre, contenus in lecteur.attachments.items()}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, NotImplementedError, OSError) as faute:
        # pypdf lets many kinds of errors through on damaged files.
        raise FichierRefuse(f"Le PDF « {nom} » est incomplet ou abîmé. Téléchargez-le de nouveau, puis déposez-le.") from faute
    candidats = [*(n for n in _NOMS if n in pieces), *(n for n in pieces if n.endswith(".xml") and n not in _NOMS)]
    for candidat in candidats:
        contenu = pieces[candidat][0] if pieces[candidat] else b""
        if 0 < len(contenu) <= _TAILLE_MAX:
            return bytes(contenu)
    raise FichierRefuse(
        f"Le PDF « {nom} » ne contient que l'image de la facture, sans données. Demandez à votre fournisseur la facture au format Factur-X "
        "(le même PDF avec ses données), ou déposez le relevé des lignes en tableur."
    )
