"""How numbers are written where Django's own way would mislead; see docs/decisions/languages.md."""
