"""Demo companies, built from a seed: the same seed gives the same books."""

from datasource_fortnox.simulator.seeds.small import broken_year, no_invoicing
from datasource_fortnox.simulator.seeds.whole import whole
from datasource_fortnox.simulator.world import CompanySource

__all__ = ["DEMO_COMPANIES", "SEEDS"]

SEEDS: dict[str, CompanySource] = {"whole": whole, "no_invoicing": no_invoicing, "broken_year": broken_year}
"""Demo companies by name."""

DEMO_COMPANIES = tuple(SEEDS)
"""All of them."""
