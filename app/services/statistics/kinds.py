"""The statistics that there are, by the key under which pages and snapshots know them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from app.services.statistics import overall, titles
from app.services.statistics.asked import Asked
from app.services.statistics.table import Table

STATISTICS: Mapping[str, Callable[[Session, Asked], Table]] = MappingProxyType(
    {titles.STATISTIC: titles.title_distribution, overall.STATISTIC: overall.overall}
)
