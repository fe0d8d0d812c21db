"""The text cases, byte for byte."""

ENTETE = "Date facture;Fournisseur;Désignation;Quantité;Unité;PU HT;Montant HT"
LIGNES = (
    "12/03/2025;PAPETERIE DU CENTRE;Ramette A4 80 g blanc;40;ramette;3,85;154,00",
    "18/03/2025;SARL LE FÈVRE & FILS;Gel désinfectant 5 L;6;bidon;12,40;74,40",
    "02/04/2025;MÉNAGE SERVICES;Sac poubelle 110 L (rlx 25);30;rouleau;4,10;123,00",
)


def _table(*lignes: str, fin: str = "\n") -> str:
    return fin.join(lignes) + fin


def textes() -> dict[str, bytes]:
    """Return the name and the bytes of each text case."""
    base = _table(ENTETE, *LIGNES)
    virgules = base.replace(",", "§").replace(";", ",")
    return {
        **_lettres(base),
        **_lignes_et_separateurs(base, virgules),
        **_guillemets(),
        **_titres_et_totaux(),
        **_formes(),
        **_refus(),
    }


def _lettres(base: str) -> dict[str, bytes]:
    avec_euro = base.replace("Montant HT", "Montant HT €").replace("Gel", "Cœur de palmier, gel")
    return {
        "utf8.csv": base.encode(),
        "utf8_bom.csv": base.encode("utf-8-sig"),
        "utf16_excel_texte_unicode.txt": b"\xff\xfe" + base.replace(";", "\t").replace("\n", "\r\n").encode("utf-16-le"),
        "utf16_sans_marque.csv": base.encode("utf-16-le"),
        "utf16_gros_boutiste.csv": b"\xfe\xff" + base.encode("utf-16-be"),
        "cp1252_euro_oe.csv": avec_euro.replace("\n", "\r\n").encode("cp1252"),
        "latin9_euro_oe.csv": avec_euro.encode("iso-8859-15"),
        "macintosh_retour_chariot.csv": base.replace("\n", "\r").encode("mac-roman"),
        "dos_cp850.csv": base.replace("\n", "\r\n").encode("cp850"),
        "majuscules_accentuees.csv": base.upper().encode("cp1252"),
        "deux_encodages.csv": (_table(ENTETE, *LIGNES[:2])).encode() + (LIGNES[2] + "\n").encode("cp1252"),
        "octets_nuls.csv": base.encode().replace(b"ramette;", b"ramette\x00\x00;"),
    }


def _lignes_et_separateurs(base: str, virgules: str) -> dict[str, bytes]:
    return {
        "crlf.csv": base.replace("\n", "\r\n").encode(),
        "retour_chariot_seul.csv": base.replace("\n", "\r").encode(),
        "fins_de_ligne_melangees.csv": base.replace("\n", "\r\n", 2).encode(),
        "sans_retour_final.csv": base.rstrip("\n").encode(),
        "tabulations.tsv": base.replace(";", "\t").encode(),
        "barres.txt": base.replace(";", "|").encode(),
        "virgules_et_points.csv": virgules.replace("§", ".").encode(),
        "virgules_et_guillemets.csv": _table(
            ENTETE.replace(";", ","), *(",".join(f'"{c}"' if "," in c else c for c in ligne.split(";")) for ligne in LIGNES)
        ).encode(),
        "virgule_decimale_sans_guillemets.csv": _table(
            "Désignation,Quantité,Montant HT,Fournisseur",
            "Ramette A4,40,154,PAPETERIE DU CENTRE",
            "Gel 5 L,6,74,40,SARL LE FÈVRE",
            "Sac 110 L,30,123,MÉNAGE SERVICES",
        ).encode(),
        "sep_excel.csv": ("sep=;\r\n" + base.replace("\n", "\r\n")).encode("cp1252"),
        "colonnes_calees_par_des_espaces.csv": _table(
            "Désignation              ; Quantité ; PU HT    ; Montant HT ",
            "Ramette A4 80 g          ;       40 ;     3,85 ;     154,00 ",
            "                         ;          ;          ;            ",
            "Gel désinfectant 5 L     ;        6 ;    12,40 ;      74,40 ",
        ).encode(),
        "points_virgules_en_fin_de_ligne.csv": base.replace("\n", ";;;\n").encode(),
    }


def _guillemets() -> dict[str, bytes]:
    return {
        "tout_entre_guillemets.csv": _table(
            *(";".join(f'"{c}"' for c in ligne.split(";")) for ligne in (ENTETE, *LIGNES)), fin="\r\n"
        ).encode("cp1252"),
        "retour_dans_une_cellule.csv": _table(
            ENTETE,
            '12/03/2025;PAPETERIE DU CENTRE;"Ramette A4\n80 g blanc\nlivrée en mairie";40;ramette;3,85;154,00',
            *LIGNES[1:],
        ).encode(),
        "separateur_dans_une_cellule.csv": _table(ENTETE, LIGNES[0].replace("Ramette A4 80 g blanc", '"Ramette A4 ; 80 g"')).encode(),
        "guillemets_doubles.csv": _table(ENTETE, LIGNES[0].replace("Ramette A4 80 g blanc", '"Ramette ""éco"" A4"')).encode(),
        "pouces.csv": _table(
            ENTETE,
            '12/03/2025;INFO PLUS;Écran 24" LED;2;U;120,00;240,00',
            '13/03/2025;INFO PLUS;"24 pouces" écran;1;U;130,00;130,00',
            '14/03/2025;INFO PLUS;"Câble 3 m;5;U;4,00;20,00',
            LIGNES[2],
        ).encode(),
        "lignes_emballees.csv": _table(
            *('"' + ",".join([c[0], *(f'""{v}""' for v in c[1:])]) + '"' for c in (ligne.split(";") for ligne in (ENTETE, *LIGNES)))
        ).encode(),
        "entete_sur_plusieurs_lignes_de_texte.csv": _table(
            'Date;"Désignation\nde l\'article";"Quantité\nlivrée";"Prix\nunitaire HT"', "12/03/2025;Ramette A4;40;3,85"
        ).encode(),
    }


def _titres_et_totaux() -> dict[str, bytes]:
    return {
        "lignes_de_titre.csv": _table(
            "COMMUNE DE SAINT-EXEMPLE;;;;;;", "Édition du 31/12/2025;;;;;;", "Exercice :;2025;;;;;", ";;;;;;", ENTETE, *LIGNES
        ).encode("cp1252"),
        "lignes_de_titre_sans_separateur.csv": _table(
            "COMMUNE DE SAINT-EXEMPLE", "Journal des factures 2025", "", ENTETE, *LIGNES
        ).encode(),
        "entete_a_deux_niveaux.csv": _table(
            "Désignation;Quantité;Prix unitaire;;Montant;",
            ";;HT;TTC;HT;TTC",
            "Ramette A4;40;3,85;4,62;154,00;184,80",
            "Gel 5 L;6;12,40;14,88;74,40;89,28",
        ).encode(),
        "entete_repetee.csv": _table(ENTETE, LIGNES[0], ENTETE, LIGNES[1], ENTETE, LIGNES[2]).encode(),
        "total_en_bas.csv": _table(ENTETE, *LIGNES, "TOTAL;;;;;;351,40").encode(),
        "sous_totaux_intercales.csv": _table(
            ENTETE,
            LIGNES[0],
            "Sous-total PAPETERIE DU CENTRE;;;;;;154,00",
            LIGNES[1],
            LIGNES[2],
            ";;Sous total MÉNAGE;;;;197,40",
            ";;TOTAL GÉNÉRAL;;;;351,40",
        ).encode(),
        "fournisseur_nomme_total.csv": _table(
            ENTETE,
            "12/03/2025;TOTAL ENERGIES;Gazole non routier;500;L;0,98;490,00",
            "15/03/2025;TOTAL ENERGIES;Total entretien;1;U;80,00;80,00",
        ).encode(),
        "reports_de_page.csv": _table(ENTETE, LIGNES[0], "À reporter;;;;;;154,00", "Report;;;;;;154,00", *LIGNES[1:]).encode(),
        "titres_de_rubrique.csv": _table(ENTETE, ";;FOURNITURES DE BUREAU;;;;", LIGNES[0], "ENTRETIEN;;;;;;", *LIGNES[1:]).encode(),
        "pied_de_page.csv": _table(ENTETE, *LIGNES, "Édité le 31/12/2025 par la mairie;;;;;;", "Nombre de lignes : 3;;;;;;").encode(),
        "lignes_vides_intercalees.csv": _table(ENTETE, "", LIGNES[0], ";;;;;;", "", LIGNES[1], LIGNES[2], "").encode(),
        "recapitulatif_sous_le_tableau.csv": _table(
            ENTETE,
            *LIGNES,
            "",
            "Récapitulatif par compte;;;;;;",
            "Compte;Montant HT;Taux TVA;;;;",
            "6064;154,00;20;;;;",
            "60631;197,40;20;;;;",
        ).encode(),
        "deux_tableaux.csv": _table(
            ENTETE,
            *LIGNES,
            "",
            "Fournisseur;N° mandat;Objet;Compte;Montant TTC",
            "EAUX DU PAYS;118;Eau école 1er semestre;60611;812,55",
            "ÉLECTRICITÉ LOCALE;119;Éclairage public;60612;2310,08",
        ).encode(),
    }


def _formes() -> dict[str, bytes]:
    large = [f"Champ{rang}" for rang in range(125)]
    large[0], large[7], large[40], large[90] = "Exercice", "Libelle", "Quantite", "MtHTaxe"
    ligne = [""] * 125
    ligne[0], ligne[7], ligne[40], ligne[90] = "2025", "RAMETTE A4 80G", "40", "154,00"
    return {
        "ligne_trop_longue.csv": _table(ENTETE, LIGNES[0], LIGNES[1].replace("Gel", "Gel; 70 %"), LIGNES[2]).encode(),
        "ligne_trop_courte.csv": _table(ENTETE, LIGNES[0], "18/03/2025;SARL LE FÈVRE;Gel désinfectant 5 L;6", LIGNES[2]).encode(),
        "derniere_colonne_sans_nom.csv": _table(ENTETE.replace(";Montant HT", ";"), *LIGNES).encode(),
        "entetes_en_double.csv": _table("Désignation;Montant;Montant;Montant", "Ramette A4;128,33;154,00;25,67").encode(),
        "entetes_reserves.csv": _table("ligne;origine;alerte;désignation;quantité;montant ht", "1;FR;non;Ramette A4;40;154,00").encode(),
        "sans_entete.csv": _table(*LIGNES).encode(),
        "une_seule_ligne.csv": _table(ENTETE, LIGNES[0]).encode(),
        "cent_vingt_cinq_colonnes.csv": _table(
            *(";".join(f'"{c}"' if c else "" for c in cellules) for cellules in (large, ligne, ligne)), fin="\r\n"
        ).encode("cp1252"),
        "zeros_gardes_pour_excel.csv": _table(
            "Référence;Désignation;SIRET;Quantité", '="00012";Ramette A4;="73282932000074";40', '="00013";Gel 5 L;="";6'
        ).encode(),
        "trop_de_colonnes.csv": _table(";".join(["Montant"] * 1200), ";".join(["1"] * 1200)).encode(),
        "nombres_francais.csv": _table(
            "Désignation;Quantité;Montant HT", "Grille-pain;1\u202f000;1\u202f234,56 €", "Avoir;-2;(12,00)", "Solde créditeur;1;12,00-"
        ).encode(),
    }


def _refus() -> dict[str, bytes]:
    image = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    )
    return {
        "vide.csv": b"",
        "que_des_blancs.csv": b"\r\n \r\n\t\r\n",
        "entete_seul.csv": (ENTETE + "\n").encode(),
        "une_seule_colonne.txt": _table("Désignation", "Ramette A4", "Gel 5 L").encode(),
        "prose.txt": (
            "Madame, Monsieur,\nVeuillez trouver ci-joint, comme convenu, nos achats de l'année.\nIls sont, pour l'essentiel, courants, et "
            "modestes.\nCordialement,\nLa secrétaire\n"
        ).encode(),
        "image.csv": image,
        "donnees.json": b'{"marches": [{"id": "2025-01", "montant": 1200.0}]}',
        "courrier.rtf": b"{\\rtf1\\ansi Nos achats de l'ann\\'e9e}",
        "courriel.eml": b"Return-Path: <mairie@exemple.fr>\r\nSubject: achats\r\n\r\nBonjour;voici;nos;achats\r\n",
        "programme.csv": b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8" + bytes(200),
        "binaire_inconnu.csv": bytes(range(1, 32)) * 40,
        "protege_par_mot_de_passe.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(480),
        "document_word_ancien.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(480),
        "classeur_ancien_abime.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "Workbook".encode("utf-16-le") + bytes(100),
        "archive.rar": b"Rar!\x1a\x07\x01\x00" + bytes(60),
    }
