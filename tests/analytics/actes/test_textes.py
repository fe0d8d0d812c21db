"""What the acts say: expected texts, clauses that must be there, words that must not, variants."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from analytics.actes import apercu_html, blancs
from analytics.actes.contexte import presenter
from analytics.actes.redaction import CONVENTION, DELIBERATION, texte_markdown
from analytics.groupement.donnees import DonneesGroupement, Duree, Membre, RegimeCao, Variante
from analytics.groupement.repartition import Cle
from ingest.erreurs import Refus
from ingest.vocabulaire import NatureMembre
from tests.analytics.actes.regenerer import ATTENDUS, textes

VALMONT, BROUILLET, CCAS, SYNDICAT, EPCI = "999000011", "999000029", "999000037", "999000045", "999000052"
ARTICLES = (
    "Objet",
    "Membres",
    "Caractère et durée du groupement",
    "Coordonnateur",
    "Missions du coordonnateur",
    "Obligations des membres",
    "Besoins et engagement de commande",
    "Procédure de passation",
    "Commission d'appel d'offres",
    "Attribution, signature et notification",
    "Exécution",
    "Modification, reconduction et résiliation des marchés",
    "Dispositions financières",
    "Responsabilité et assurance",
    "Adhésion, retrait et exclusion",
    "Modification de la convention",
    "Suivi et bilan",
    "Confidentialité et données",
    "Capacité à agir en justice",
    "Dissolution et litiges",
    "Annexes et signatures",
)


def convention(donnees: DonneesGroupement) -> str:
    return texte_markdown(donnees, donnees.date_droit, CONVENTION)


def deliberation(donnees: DonneesGroupement, siren: str) -> str:
    return texte_markdown(donnees, donnees.date_droit, DELIBERATION, siren)


@pytest.mark.parametrize("nom", sorted(textes()))
def test_the_drafted_text_is_the_expected_one(nom: str) -> None:
    assert textes()[nom] == (ATTENDUS / f"{nom}.md").read_text(encoding="utf-8")


def test_every_clause_and_annex_is_there_in_order(donnees: DonneesGroupement) -> None:
    titres = [ligne[3:] for ligne in convention(donnees).splitlines() if ligne.startswith("## ")]
    assert titres[0] == "Préambule"
    assert titres[1:22] == [f"Article {numero} – {titre}" for numero, titre in enumerate(ARTICLES, start=1)]
    assert [titre[:8] for titre in titres[22:]] == [f"Annexe {numero}" for numero in range(1, 6)]


@pytest.mark.parametrize("variante", list(Variante))
def test_no_act_uses_a_repealed_text_nor_a_word_of_the_screens(donnees: DonneesGroupement, variante: Variante) -> None:
    donnees = choose(donnees, variante)
    for texte in (convention(donnees), *(deliberation(donnees, m.siren) for m in donnees.parties)):
        assert "L. 2113-6 à L. 2113-8" in texte
        assert "chef de file" not in texte.lower()
        assert "2015-899" not in texte
        assert "code des marchés publics" not in texte
        assert "None" not in texte
        assert "solidairement responsables" not in texte or "seules opérations" in texte


def choose(donnees: DonneesGroupement, variante: Variante) -> DonneesGroupement:
    if variante is Variante.D:
        lots = tuple(replace(lot, coordonnateur=(VALMONT, EPCI)[lot.numero - 1]) for lot in donnees.lots)
        return replace(donnees, variante=variante, lots=lots)
    if variante is Variante.E:
        membres = tuple(m for m in donnees.membres if m.siren in (VALMONT, BROUILLET, EPCI))
        gardes = {m.siren for m in membres}
        return replace(
            donnees,
            variante=variante,
            coordonnateur=EPCI,
            membres=membres,
            besoins=tuple(b for b in donnees.besoins if b.membre in gardes),
            plafonds=tuple(p for p in donnees.plafonds if p.membre in gardes),
            cle=Cle.GRATUITE,
            frais_annuels_ht=Decimal(0),
            statuts_l5211_4_4_le=date(2023, 6, 1),
        )
    return replace(donnees, variante=variante)


@pytest.mark.parametrize(
    ("variante", "phrase"),
    [
        (Variante.A, "Chaque membre signe, notifie et exécute le marché qui le concerne."),
        (Variante.B, "Il signe et notifie les marchés au nom de l'ensemble des membres."),
        (Variante.B2, "Il conserve la gestion de la vie du contrat"),
        (Variante.C, "Il en assure aussi l'exécution"),
        (Variante.D, "un coordonnateur par lot"),
        (Variante.E, "L. 5211-4-4 du code général des collectivités territoriales, ses statuts du 1er"),
    ],
)
def test_each_variante_says_what_it_entrusts(donnees: DonneesGroupement, variante: Variante, phrase: str) -> None:
    voulues = [phrase in convention(choose(donnees, autre)).replace("\u00a0", " ") for autre in Variante if autre is not variante]
    assert phrase in convention(choose(donnees, variante)).replace("\u00a0", " ")
    if variante not in (Variante.B, Variante.B2):  # B2 adds to B; C keeps the life of the contract too
        assert not any(voulues)


def test_free_of_charge_variante_shares_no_cost(donnees: DonneesGroupement) -> None:
    texte = convention(choose(donnees, Variante.E))
    assert "Aucun frais, de quelque nature que ce soit, n'est réparti" in texte
    assert "titre de recettes" not in texte


def test_permanent_groupement_welcomes_only_for_later(donnees: DonneesGroupement) -> None:
    texte = convention(replace(donnees, duree=Duree.PERMANENT))
    assert "elle ne produit effet que pour les consultations lancées ensuite" in texte
    assert "aucune adhésion n'est possible" not in texte


def test_five_authorisations_in_every_deliberation(donnees: DonneesGroupement) -> None:
    for membre in donnees.parties:
        texte = deliberation(donnees, membre.siren)
        assert "D'approuver la convention constitutive" in texte  # (a)
        assert "à signer la convention constitutive" in texte  # (b)
        assert "signer et à notifier les marchés" in texte  # (c)
        assert "D'inscrire les crédits" in texte  # (d)
        assert "commission d'appel d'offres compétente" in texte  # (e)
        assert "ne vaut pas autorisation de signer les marchés" in texte


def test_own_commission_elects_among_its_members_by_size(donnees: DonneesGroupement) -> None:
    mixte = replace(donnees, cao=RegimeCao.MIXTE)
    assert "parmi les membres à voix délibérative de la commission d'appel d'offres" in deliberation(mixte, BROUILLET)
    assert "de trois membres élus" in deliberation(mixte, BROUILLET)  # 840 inhabitants
    assert "de cinq membres élus" in deliberation(mixte, VALMONT)  # 6 200 inhabitants
    assert "de cinq membres élus" in deliberation(mixte, EPCI)
    assert "De désigner, selon les règles propres à l'établissement" in deliberation(mixte, CCAS)
    assert "I de l'article L. 1414-3" in convention(mixte)


def test_each_organ_is_named(donnees: DonneesGroupement) -> None:
    organes = {VALMONT: "conseil municipal", CCAS: "conseil d’administration", SYNDICAT: "comité syndical", EPCI: "conseil communautaire"}
    for siren, organe in organes.items():
        assert f"Le {organe}, après en avoir délibéré" in deliberation(donnees, siren)


def test_the_coordonnatrice_signs_for_all_and_the_others_let_it(donnees: DonneesGroupement) -> None:
    assert "au nom et pour le compte des membres, à signer et à notifier" in deliberation(donnees, VALMONT)
    assert "D'autoriser le coordonnateur à signer et à notifier" in deliberation(donnees, BROUILLET)
    seule = replace(donnees, variante=Variante.A)
    assert "à signer et à notifier le marché de la commune de Valmont" in deliberation(seule, VALMONT)


def test_a_delegation_older_than_the_last_election_is_a_blank(donnees: DonneesGroupement) -> None:
    assert not any("délégation" in blanc for blanc in blancs(donnees, donnees.date_droit, DELIBERATION, VALMONT))
    vieille = replace(donnees, membres=tuple(replace(m, delegation_le=date(2020, 6, 2)) for m in donnees.membres))
    assert any("renouvellement de mars 2026" in blanc for blanc in blancs(vieille, donnees.date_droit, DELIBERATION, VALMONT))


def test_convocation_follows_the_size_of_the_commune(donnees: DonneesGroupement) -> None:
    petite = blancs(donnees, donnees.date_droit, DELIBERATION, BROUILLET)
    grande = blancs(donnees, donnees.date_droit, DELIBERATION, VALMONT)
    assert any("trois jours francs" in blanc for blanc in petite)
    assert any("cinq jours francs" in blanc and "note de synthèse" in blanc for blanc in grande)


def test_blanks_name_whose_fact_is_missing_and_vanish_when_known(donnees: DonneesGroupement) -> None:
    avant = blancs(donnees, donnees.date_droit)
    assert "nom du signataire (CCAS de Valmont)" in avant
    complet = replace(donnees, membres=tuple(replace(m, representant="A. Martin") for m in donnees.membres))
    assert len(blancs(complet, donnees.date_droit)) == len(avant) - 3


def test_preview_marks_blanks_and_escapes(donnees: DonneesGroupement) -> None:
    piege = replace(donnees, objet="l'achat de <script>alert(1)</script> *papier*")
    page = apercu_html(piege, donnees.date_droit)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "*papier*" in page
    assert "<mark>[à compléter\u00a0: nom du signataire]</mark>" in page


def test_unknown_act_is_refused_in_french(donnees: DonneesGroupement) -> None:
    with pytest.raises(Refus, match="n’existe pas"):
        blancs(donnees, donnees.date_droit, "avenant")


@pytest.mark.parametrize(
    ("nature", "nom", "designation", "du"),
    [
        (NatureMembre.COMMUNE, "Angoulême", "la commune d’Angoulême", "de la commune d’Angoulême"),
        (NatureMembre.COMMUNE, "Le Brouillet", "la commune du Brouillet", "de la commune du Brouillet"),
        (
            NatureMembre.EPCI,
            "CA du Grand Angoulême",
            "la communauté d’agglomération du Grand Angoulême",
            "de la communauté d’agglomération du Grand Angoulême",
        ),
        (
            NatureMembre.EPCI,
            "CC de l'Est Lyonnais (CCEL)",
            "la communauté de communes de l'Est Lyonnais",
            "de la communauté de communes de l'Est Lyonnais",
        ),
        (NatureMembre.EPCI, "Métropole de Lyon", "la métropole de Lyon", "de la métropole de Lyon"),
        (
            NatureMembre.EPCI,
            "GrandAngoulême",
            "l’établissement public de coopération intercommunale GrandAngoulême",
            "de l’établissement public de coopération intercommunale GrandAngoulême",
        ),
        (
            NatureMembre.CCAS,
            "CCAS de Soyaux",
            "le centre communal d’action sociale de Soyaux",
            "du centre communal d’action sociale de Soyaux",
        ),
        (NatureMembre.CCAS, "Soyaux", "le centre communal d’action sociale de Soyaux", "du centre communal d’action sociale de Soyaux"),
        (NatureMembre.SYNDICAT, "Syndicat scolaire", "le syndicat scolaire", "du syndicat scolaire"),
        (NatureMembre.AUTRE, "EHPAD Les Tilleuls", "EHPAD Les Tilleuls", "d’EHPAD Les Tilleuls"),
    ],
)
def test_how_an_act_names_a_party(nature: NatureMembre, nom: str, designation: str, du: str) -> None:
    partie = presenter(Membre("999000060", nom, nature))
    assert (partie.designation, partie.du) == (designation, du)
