"""How a kind of content shows itself among the results, from its row of the index alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from haiheng.search.models import Searchable, SearchEntry


@dataclass(frozen=True)
class Card:
    """Where a result leads and what stands beside its title; addresses are those of the active language."""

    url: str
    where: str = ""
    drawing: str = ""


@dataclass(frozen=True)
class Source:
    model: type[Searchable]
    card: Callable[[SearchEntry], Card | None]

    @property
    def kind(self) -> str:
        return self.model.search_kind

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def names(self) -> str:
        return str(self.model._meta.verbose_name_plural)


Sources = Sequence[Source]
