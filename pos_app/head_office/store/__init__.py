"""Everything that is kept: the only place of head office that speaks SQL."""
