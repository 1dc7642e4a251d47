"""Lint, types and tests, in tiers: `make check`, `make test`, `make long`, `make full`."""
