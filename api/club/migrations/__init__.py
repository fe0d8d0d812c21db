"""How the club store grew, one dated step per file; run by Alembic at start."""
