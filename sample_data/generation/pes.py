"""A PES Aller v2 of spending: mandats without quantity, and among them what a reader must leave behind (pay, aid, bank details)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from lxml import etree
from lxml.builder import ElementMaker

from sample_data.generation.achats import Ligne
from sample_data.generation.catalogue import Membre
from sample_data.generation.facture import iban_invente, siret_membre
from sample_data.generation.fournisseurs import Fournisseur, sans_accents
from sample_data.generation.hasard import tirage
from sample_data.generation.prix import centimes
from sample_data.generation.verite import Verite

ESPACE = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"
OBJETS = {
    "bureau": "FOURNITURES ADMINISTRATIVES",
    "toner": "CARTOUCHES IMPRIMANTES",
    "ecole": "FOURNITURES SCOLAIRES",
    "creche": "COUCHES CRECHE",
    "hygiene": "PRODUITS ENTRETIEN",
    "vivres": "ALIMENTATION CANTINE",
    "primeur": "FRUITS ET LEGUMES CANTINE",
    "repas": "REPAS CANTINE",
    "fete": "GOBELETS ET VAISSELLE",
    "energie": "ELECTRICITE BATIMENTS",
    "combustible": "COMBUSTIBLE CHAUFFAGE",
    "carburant": "CARBURANT",
    "carriere": "GRANULATS VOIRIE",
    "voirie": "ENROBE A FROID",
    "signal": "PANNEAUX SIGNALISATION",
    "vert": "PLANTS ET TERREAU",
    "bricolage": "QUINCAILLERIE",
    "electrique": "FOURNITURES ELECTRIQUES",
    "peinture": "PEINTURE BATIMENTS",
    "materiaux": "CIMENT ET MATERIAUX",
    "protection": "EQUIPEMENTS DE PROTECTION",
    "controle": "VERIFICATION EXTINCTEURS",
    "formation": "FORMATION CACES",
    "informatique": "MATERIEL INFORMATIQUE",
    "telecom": "TELEPHONIE MOBILE",
}
# Never to leave the reader: pay (641), individual aid (6513) of people whose names and numbers are invented.
PERSONNES = (
    ("DURAND-TESTARD", "CAMILLE", "6413", "PAIE DU MOIS"),
    ("EXEMPLARD", "MAXENCE", "65134", "AIDE INDIVIDUELLE"),
    ("FICTIVE", "ANDREA", "6413", "PAIE DU MOIS"),
)

e = ElementMaker(namespace=None)


def _v(balise: str, valeur: object) -> etree._Element:
    return e(balise, V=str(valeur))


def ecrire_pes(membre: Membre, lignes: Sequence[Ligne], graine: int, fichier: str) -> tuple[bytes, list[Verite]]:
    """The flux and its truth: `ligne` is the rank of the LigneDePiece in the document."""
    pieces: list[tuple[date, etree._Element]] = []
    bordereaux: list[etree._Element] = []
    verites: list[Verite] = []
    ordinaires = [x for x in lignes if x.nature == "achat"]
    avoirs = [x for x in lignes if x.nature == "avoir"]
    numero = 0
    for reduction, source in ((False, ordinaires), (True, avoirs)):
        for mois, groupe in groupby(sorted(source, key=_cle), key=lambda x: (x.date.year, x.date.month)):
            pieces = []
            for (jour, piece, _, _, rayon), suite in groupby(list(groupe), key=_cle):
                achats = list(suite)
                numero += 1
                montant = sum((x.montant_ht for x in achats), Decimal(0))
                tva = centimes(sum((x.montant_ht * x.taux_tva / 100 for x in achats), Decimal(0)))
                pieces.append(
                    (
                        jour,
                        _piece(
                            numero,
                            f"{OBJETS[rayon]} FACT {piece}",
                            achats[0].compte,
                            abs(montant),
                            abs(tva),
                            achats[0].fournisseur,
                            reduction=reduction,
                        ),
                    )
                )
                verites.append(_verite(membre, fichier, achats, montant))
            if not reduction:
                for nom, prenom, compte, objet in PERSONNES:
                    numero += 1
                    pieces.append((date(mois[0], mois[1], 27), _piece_personnelle(numero, nom, prenom, compte, objet, graine)))
                    verites.append(Verite(membre.siren, fichier, "", 0, "ecartee", "donnee_personnelle", nature="mandat"))
            bordereaux.append(_bordereau(len(bordereaux) + 1, mois, pieces, reduction=reduction))
    numerotees = [Verite(**{**vars(v), "ligne": rang}) for rang, v in enumerate(verites, 1)]
    return _document(membre, lignes[0].date.year, bordereaux, fichier), numerotees


def _cle(ligne: Ligne) -> tuple[date, str, str, str, str]:
    famille = ligne.article.famille if ligne.article else None
    return ligne.date, ligne.piece, ligne.fournisseur.id, famille.code if famille else "", famille.rayon if famille else "bureau"


def _verite(membre: Membre, fichier: str, achats: list[Ligne], montant: Decimal) -> Verite:
    article = achats[0].article
    return Verite(
        membre.siren,
        fichier,
        "",
        0,
        "retenue",
        nature="mandat",
        montant_ht=montant,
        famille=article.famille.code if article else "",
        fournisseur=achats[0].fournisseur.id,
        date=achats[0].date.isoformat(),
        faits=[f"lignes_regroupees:{len(achats)}", *(["reduction"] if montant < 0 else [])],
    )


def _piece(
    numero: int, objet: str, compte: str, montant: Decimal, tva: Decimal, fournisseur: Fournisseur, *, reduction: bool
) -> etree._Element:
    identite = [_v("IdTiers", fournisseur.siret), _v("NatIdTiers", "01")] if fournisseur.siret else []
    tiers = e(
        "Tiers",
        e(
            "InfoTiers",
            *identite,
            _v("RefTiers", fournisseur.id),
            _v("CatTiers", "50"),
            _v("NatJur", "03"),
            _v("Nom", fournisseur.nom[:38]),
        ),
        e("Adresse", _v("TypAdr", "1"), _v("CP", "16000"), _v("Ville", fournisseur.ville), _v("CodRes", "0")),
        e("CpteBancaire", _v("BIC", "INVEFRPPXXX"), _v("IBAN", iban_invente(fournisseur.nom)), _v("TitCpte", fournisseur.nom[:32])),
    )
    return _bloc(numero, objet, compte, montant, tva, tiers, nature="06" if reduction else "01")


def _piece_personnelle(numero: int, nom: str, prenom: str, compte: str, objet: str, graine: int) -> etree._Element:
    rng = tirage(graine, "personne", nom, numero)
    montant = Decimal(rng.randrange(12000, 190000)) / 100
    tiers = e(
        "Tiers",
        e(
            "InfoTiers",
            _v("IdTiers", nir_invente(nom)),
            _v("NatIdTiers", "04"),
            _v("RefTiers", "P" + nom[:3]),
            _v("CatTiers", "01"),
            _v("NatJur", "01"),
            _v("Civilite", "Mme"),
            _v("Nom", nom),
            _v("Prenom", prenom),
        ),
        e("CpteBancaire", _v("BIC", "INVEFRPPXXX"), _v("IBAN", iban_invente(nom)), _v("TitCpte", nom)),
    )
    return _bloc(numero, objet, compte, montant, Decimal("0.00"), tiers, nature="11" if compte.startswith("641") else "01")


def nir_invente(nom: str) -> str:
    """A number with the form and key of a NIR, of a département that does not exist (99 is abroad, commune 999)."""
    corps = "29913" + "99999" + f"{tirage('nir', nom).randrange(1000):03d}"
    return corps + f"{97 - int(corps) % 97:02d}"


def _bloc(numero: int, objet: str, compte: str, montant: Decimal, tva: Decimal, tiers: etree._Element, *, nature: str) -> etree._Element:
    return e(
        "Piece",
        e("BlocPiece", e("InfoPce", _v("IdPce", numero), _v("TypPce", "01"), _v("NatPce", nature), _v("Obj", sans_accents(objet)[:160]))),
        e(
            "LigneDePiece",
            e(
                "BlocLignePiece",
                e(
                    "InfoLignePce",
                    _v("IdLigne", "1"),
                    _v("Nature", compte),
                    _v("Fonction", "020"),
                    _v("LibVir1", sans_accents(objet)[:32]),
                    _v("ModRegl", "03"),
                    _v("TVAIntraCom", "0"),
                    _v("MtTVA", tva),
                    _v("MtHT", montant),
                ),
            ),
            tiers,
        ),
    )


def _bordereau(numero: int, mois: tuple[int, int], pieces: list[tuple[date, etree._Element]], *, reduction: bool) -> etree._Element:
    total = sum((Decimal(noeud.get("V")) for _, piece in pieces for noeud in piece.iter("MtHT")), Decimal(0))
    jour = max(jour for jour, _ in pieces)
    return e(
        "Bordereau",
        e(
            "BlocBordereau",
            _v("Exer", mois[0]),
            _v("IdBord", numero),
            _v("DteBordEm", jour.isoformat()),
            _v("TypBord", "02" if reduction else "01"),
            _v("NbrPce", len(pieces)),
            _v("MtCumulAnnuel", total),
            _v("MtBordHT", total),
        ),
        *(piece for _, piece in pieces),
    )


def _document(membre: Membre, annee: int, bordereaux: list[etree._Element], fichier: str) -> bytes:
    racine = ElementMaker(namespace=ESPACE, nsmap={"n": ESPACE})
    document = racine(
        "PES_Aller",
        e(
            "Enveloppe",
            e("Parametres", _v("Version", "2"), _v("TypFic", "PESALR2"), _v("NomFic", fichier)),
            e("Emetteur", _v("Sigle", "DONNEES INVENTEES")),
        ),
        e(
            "EnTetePES",
            _v("DteStr", f"{annee + 1}-01-15"),
            _v("IdPost", "016001"),
            _v("IdColl", siret_membre(membre)),
            _v("CodCol", "001"),
            _v("CodBud", "00"),
            _v("LibelleColBud", sans_accents(membre.nom).upper()),
        ),
        e("PES_DepenseAller", e("EnTeteDepense", _v("IdVer", "2"), _v("InfoDematerialisee", "0")), *bordereaux),
    )
    return bytes(etree.tostring(document, xml_declaration=True, encoding="ISO-8859-1", pretty_print=True))
