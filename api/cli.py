"""The command `mercuriale` (being built)."""


def main() -> None:
    """Run the command."""
    raise SystemExit("not built yet")
