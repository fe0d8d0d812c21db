"""The first tables of the club store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "club",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("siren_epci", sa.String(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name="un_seul_club"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sujet", sa.String(), nullable=False),
        sa.Column("cle", sa.String(), nullable=False),
        sa.Column("valeur", sa.JSON(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.Column("motif", sa.String(), nullable=False),
        sa.Column("annulee_le", sa.DateTime(), nullable=True),
        sa.Column("annulee_par", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("ix_decisions_sujet_cle", ["sujet", "cle"], unique=False)

    op.create_table(
        "essais_connexion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cle", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("essais_connexion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_essais_connexion_cle"), ["cle"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("objet", sa.String(), nullable=False),
        sa.Column("membre", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "membres",
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("code_insee", sa.String(length=5), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("adresse", sa.String(), nullable=True),
        sa.Column("representant", sa.String(), nullable=True),
        sa.Column("qualite_representant", sa.String(), nullable=True),
        sa.Column("lignes_partagees", sa.Boolean(), nullable=False),
        sa.Column("version_publiee", sa.Integer(), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.Column("parti_le", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("siren"),
    )
    op.create_table(
        "taches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("genre", sa.String(), nullable=False),
        sa.Column("parametres", sa.JSON(), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("fait", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("resultat", sa.JSON(), nullable=True),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("membre", sa.String(), nullable=True),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.Column("commencee_le", sa.DateTime(), nullable=True),
        sa.Column("finie_le", sa.DateTime(), nullable=True),
        sa.Column("travailleur", sa.String(), nullable=True),
        sa.Column("bail_jusqu_a", sa.DateTime(), nullable=True),
        sa.Column("essais", sa.Integer(), nullable=False),
        sa.Column("annulation_demandee", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("taches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taches_etat"), ["etat"], unique=False)

    op.create_table(
        "comptes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("membre", sa.String(length=9), nullable=True),
        sa.Column("mot_de_passe", sa.String(), nullable=True),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membre"],
            ["membres.siren"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_table(
        "correspondances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membre", sa.String(length=9), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("champs", sa.JSON(), nullable=False),
        sa.Column("base_taxe", sa.String(), nullable=True),
        sa.Column("logiciel", sa.String(), nullable=True),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membre"],
            ["membres.siren"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("membre", "signature"),
    )
    op.create_table(
        "depots",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("membre", sa.String(length=9), nullable=False),
        sa.Column("nom_fichier", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taille", sa.Integer(), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=True),
        sa.Column("doublons", sa.String(), nullable=False),
        sa.Column("reglages", sa.JSON(), nullable=False),
        sa.Column("comptes", sa.JSON(), nullable=True),
        sa.Column("verdict", sa.JSON(), nullable=True),
        sa.Column("recu_par", sa.String(), nullable=False),
        sa.Column("recu_le", sa.DateTime(), nullable=False),
        sa.Column("publie_le", sa.DateTime(), nullable=True),
        sa.Column("retire_le", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["membre"],
            ["membres.siren"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("numero"),
        sa.UniqueConstraint("rang"),
    )
    with op.batch_alter_table("depots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_depots_etat"), ["etat"], unique=False)
        batch_op.create_index(batch_op.f("ix_depots_membre"), ["membre"], unique=False)

    op.create_table(
        "groupements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("objet", sa.String(), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("coordonnateur", sa.String(length=9), nullable=False),
        sa.Column("familles", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cree_par", sa.String(), nullable=False),
        sa.Column("cree_le", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coordonnateur"],
            ["membres.siren"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("numero"),
    )
    op.create_table(
        "adhesions",
        sa.Column("groupement", sa.String(), nullable=False),
        sa.Column("membre", sa.String(length=9), nullable=False),
        sa.Column("convoquee_le", sa.Date(), nullable=True),
        sa.Column("deliberee_le", sa.Date(), nullable=True),
        sa.Column("executoire_le", sa.Date(), nullable=True),
        sa.Column("signee_le", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["groupement"],
            ["groupements.id"],
        ),
        sa.ForeignKeyConstraint(
            ["membre"],
            ["membres.siren"],
        ),
        sa.PrimaryKeyConstraint("groupement", "membre"),
    )
    op.create_table(
        "documents_groupement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("groupement", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("genre", sa.String(), nullable=False),
        sa.Column("nom", sa.String(), nullable=False),
        sa.Column("chemin", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taille", sa.Integer(), nullable=False),
        sa.Column("membre", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["groupement"],
            ["groupements.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("groupement", "version", "nom"),
    )
    with op.batch_alter_table("documents_groupement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_groupement_groupement"), ["groupement"], unique=False)

    op.create_table(
        "etapes_groupement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("groupement", sa.String(), nullable=False),
        sa.Column("etat", sa.String(), nullable=False),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.Column("remarque", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["groupement"],
            ["groupements.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("etapes_groupement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_etapes_groupement_groupement"), ["groupement"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("jeton", sa.String(length=64), nullable=False),
        sa.Column("compte", sa.Integer(), nullable=False),
        sa.Column("ouverte_le", sa.DateTime(), nullable=False),
        sa.Column("vue_le", sa.DateTime(), nullable=False),
        sa.Column("expire_le", sa.DateTime(), nullable=False),
        sa.Column("revoquee_le", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["compte"],
            ["comptes.id"],
        ),
        sa.PrimaryKeyConstraint("jeton"),
    )
    op.create_table(
        "versions_groupement",
        sa.Column("groupement", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("donnees", sa.JSON(), nullable=False),
        sa.Column("empreinte", sa.String(length=64), nullable=False),
        sa.Column("observatoire", sa.String(), nullable=True),
        sa.Column("par", sa.String(), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["groupement"],
            ["groupements.id"],
        ),
        sa.PrimaryKeyConstraint("groupement", "version"),
    )

    if op.get_bind().dialect.name == "sqlite":
        for geste in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER journal_sans_{geste.lower()} BEFORE {geste} ON journal "
                "BEGIN SELECT RAISE(ABORT, 'le journal ne se modifie pas'); END"
            )
    else:
        for geste in ("UPDATE", "DELETE"):
            op.execute(f"CREATE RULE journal_sans_{geste.lower()} AS ON {geste} TO journal DO INSTEAD NOTHING")


def downgrade() -> None:
    """Undo."""
    op.drop_table("versions_groupement")
    op.drop_table("sessions")
    with op.batch_alter_table("etapes_groupement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_etapes_groupement_groupement"))

    op.drop_table("etapes_groupement")
    with op.batch_alter_table("documents_groupement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_groupement_groupement"))

    op.drop_table("documents_groupement")
    op.drop_table("adhesions")
    op.drop_table("groupements")
    with op.batch_alter_table("depots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_depots_membre"))
        batch_op.drop_index(batch_op.f("ix_depots_etat"))

    op.drop_table("depots")
    op.drop_table("correspondances")
    op.drop_table("comptes")
    with op.batch_alter_table("taches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taches_etat"))

    op.drop_table("taches")
    op.drop_table("membres")
    op.drop_table("journal")
    with op.batch_alter_table("essais_connexion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_essais_connexion_cle"))

    op.drop_table("essais_connexion")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_decisions_sujet_cle")

    op.drop_table("decisions")
    op.drop_table("club")
