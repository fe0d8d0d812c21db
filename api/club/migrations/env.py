"""Run the steps on the connection given by `Magasin.mettre_a_niveau`, in batch mode because SQLite cannot alter a table in place."""

from alembic import context

from api.club.modeles import Base

context.configure(
    connection=context.config.attributes["connexion"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
