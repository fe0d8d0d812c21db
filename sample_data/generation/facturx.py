"""Factur-X: a page people read, with the CII XML attached to it."""

import io
import json

import typst
from pypdf import PdfReader, PdfWriter

from sample_data.generation.achats import libelle_de
from sample_data.generation.cii import en_cii
from sample_data.generation.dispositions import virgule
from sample_data.generation.facture import Facture

COMPILE_LE = 1768467600
"""15 January 2026: the PDF must not carry the day of its making."""

PAGE_TYPST = """#set page(paper: "a4", margin: 2cm)
#set text(lang: "fr", size: 9pt)
#let f = json(bytes(sys.inputs.facture))
= Facture #f.numero
#f.fournisseur — #f.date — données inventées

Client : #f.client
#table(columns: (auto, 1fr, auto, auto, auto), [n°], [Désignation], [Qté], [PU HT], [Montant HT], ..f.lignes.flatten())
Total HT : #f.total
"""


def en_facturx(facture: Facture) -> bytes:
    """A readable page with the CII XML attached as `factur-x.xml`."""
    donnees = {
        "numero": facture.numero,
        "date": f"{facture.date:%d/%m/%Y}",
        "fournisseur": facture.fournisseur.nom,
        "client": f"Commune de {facture.membre.nom}",
        "total": f"{virgule(facture.montant_ht())} €",
        "lignes": [
            [
                str(n),
                libelle_de(x, facture.vocabulaire, dire_mesure=False)[0],
                virgule(x.quantite),
                virgule(x.prix_unitaire_ht),
                virgule(x.montant_ht),
            ]
            for n, x in enumerate(facture.lignes, 1)
        ],
    }
    page = typst.compile(
        PAGE_TYPST.encode(), sys_inputs={"facture": json.dumps(donnees, ensure_ascii=False)}, timestamp=COMPILE_LE, ignore_system_fonts=True
    )
    ecrivain = PdfWriter(clone_from=PdfReader(io.BytesIO(page)))
    ecrivain.add_attachment("factur-x.xml", en_cii(facture))
    tampon = io.BytesIO()
    ecrivain.write(tampon)
    return tampon.getvalue()
