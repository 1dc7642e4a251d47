"""Figures of a campaign, each of which can be computed again from its journal alone (docs/kpis.md)."""
