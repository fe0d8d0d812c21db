"""Everything people touch (pages, JSON, the `mercuriale` command) and the small state they change (the club store)."""
