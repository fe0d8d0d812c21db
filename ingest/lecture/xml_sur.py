"""Received XML is parsed without entities, without DTD, without network; a file that declares any of them is refused."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from ingest.erreurs import FichierRefuse

OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PROLOGUE = 1 << 16
_GRANDE_FACTURE = 4 << 20
_PIECE_JOINTE = re.compile(rb"(<(?:\w+:)?(?:EmbeddedDocumentBinaryObject|AttachmentBinaryObject)\b[^>]*>)[^<]*")
# A wrong declaration of encoding comes out of lxml as an OSError.
_FAUTES = (etree.XMLSyntaxError, OSError, ValueError)

Source = Path | bytes


def lire_arbre(source: Source, nom: str) -> etree._Element:
    """Parse a whole document (invoices) and return its root. Raises `FichierRefuse` when it is damaged or declares a DTD."""
    refuser_dtd(source, nom)
    try:
        with _ouvrir(_sans_pieces_jointes(source)) as flux:
            arbre = etree.parse(flux, etree.XMLParser(**OPTIONS))
    except _FAUTES as faute:
        raise FichierRefuse(abime(nom)) from faute
    if arbre.docinfo.internalDTD is not None:
        raise FichierRefuse(_dtd(nom))
    return arbre.getroot()


def parcourir(source: Source, nom: str, balises: tuple[str, ...]) -> Iterator[etree._Element]:
    """Yield each element of these local names when it ends, in bounded memory: what was yielded is emptied afterwards."""
    refuser_dtd(source, nom)
    try:
        with _ouvrir(source) as flux:
            for _, element in etree.iterparse(flux, events=("end",), tag=[f"{{*}}{balise}" for balise in balises], **OPTIONS):
                yield element
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except _FAUTES as faute:
        raise FichierRefuse(abime(nom)) from faute


def lire_racine(source: Source) -> str | None:
    """Return the tag of the root, « {namespace}name », reading no further than it; None when this is not XML."""
    lecteur = etree.XMLPullParser(events=("start",), **OPTIONS)
    with _ouvrir(source) as flux:
        while morceau := flux.read(1024):
            try:
                lecteur.feed(morceau)
                fini = False
            except _FAUTES:
                fini = True  # the root may have been met before the fault
            for _, element in lecteur.read_events():
                return str(element.tag)
            if fini:
                return None
    return None


def refuser_dtd(source: Source, nom: str) -> None:
    """Refuse a document that declares a DTD or an entity: no invoice and no export needs one, every bomb does."""
    with _ouvrir(source) as flux:
        debut = flux.read(_PROLOGUE).replace(b"\x00", b"")
    if b"<!DOCTYPE" in debut or b"<!ENTITY" in debut:
        raise FichierRefuse(_dtd(nom))


def _sans_pieces_jointes(source: Source) -> Source:
    """Leave out the files attached inside a large invoice: one text of more than ten megabytes is refused by the parser, rightly."""
    if isinstance(source, Path):
        if source.stat().st_size <= _GRANDE_FACTURE:
            return source
        source = source.read_bytes()
    return _PIECE_JOINTE.sub(rb"\1", source) if len(source) > _GRANDE_FACTURE else source


def enfants(element: etree._Element, *chemin: str) -> list[etree._Element]:
    """Follow local names down from `element`, whatever their namespaces, and return every element found at the end."""
    trouves = [element]
    for nom in chemin:
        trouves = [enfant for parent in trouves for enfant in parent.iterchildren(f"{{*}}{nom}")]
    return trouves


def texte(element: etree._Element | None, *chemin: str) -> str | None:
    """Return the stripped text of the first element at the end of the path; None when absent or blank."""
    if element is None:
        return None
    for trouve in enfants(element, *chemin):
        contenu = " ".join((trouve.text or "").split())
        if contenu:
            return contenu
    return None


def aplatir(element: etree._Element) -> dict[str, str]:
    """Return the text of the first element met on each path of local names, « Item/Name »: one walk instead of twenty searches."""
    textes: dict[str, str] = {}
    _aplatir(element, "", textes)
    return textes


def _aplatir(element: etree._Element, prefixe: str, textes: dict[str, str]) -> None:
    for enfant in element:
        chemin = prefixe + enfant.tag.rpartition("}")[2]
        if len(enfant):
            contenu = enfant.text
            if contenu and not contenu.isspace():
                textes.setdefault(chemin, " ".join(contenu.split()))
            _aplatir(enfant, chemin + "/", textes)
        elif chemin not in textes and (mots := (enfant.text or "").split()):
            textes[chemin] = " ".join(mots)


def abime(nom: str) -> str:
    """Sentence for a document cut short or malformed."""
    return (
        f"Le fichier « {nom} » est incomplet ou abîmé : sa lecture s'arrête avant la fin. "
        "Téléchargez-le ou exportez-le de nouveau, puis déposez-le."
    )


def _dtd(nom: str) -> str:
    return (
        f"Le fichier « {nom} » contient des déclarations qui peuvent bloquer un ordinateur : par sécurité, il n'a pas été lu. "
        "Demandez à votre fournisseur ou à votre éditeur une facture ou un export conforme."
    )


def _ouvrir(source: Source) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
