"""What annual papers must keep to beyond their schema: somebody else decides them."""

from collections.abc import Collection, Iterator, Mapping

from app.declare.annual_paper import AnnualPaper
from app.declare.chain import RELATIONS
from app.declare.fault import Fault, numbered, twice
from app.declare.form_consistency import choices_fit
from app.declare.sound import Sound
from app.declare.toml_lines import Place
from app.declare.words import N_

REVIEWS = tuple(key for key in RELATIONS if key.startswith("annual_"))

NO_CHAIN = N_("is missing: annual papers are decided by it, so a chain must say by whom.")
CHAIN_UNREAD = N_("would never be used: no annual paper is decided by it.")
ITSELF = N_("'%(at)s' would be the organization that hands in '%(paper)s' itself: write 'parent'.")
NOTHING = N_("asks for nothing: it needs fields or files.")


def papers_fit(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Annual papers: their keys, what they ask, and the chains that decide them."""
    papers = sound.annual_papers
    yield from twice(("annual_papers",), papers)
    for position, paper in papers.items():
        place: Place = ("annual_papers", position)
        yield from twice((*place, "fields"), numbered(paper.fields))
        yield from choices_fit((*place, "fields"), numbered(paper.fields))
        yield from twice((*place, "files"), numbered(paper.files))
        if not paper.fields and not paper.files:
            yield Fault(place, NOTHING)
    yield from _chains_fit(sound, papers)


def _chains_fit(sound: Sound, papers: Mapping[int, AnnualPaper]) -> Iterator[Fault]:
    reviews = sound.raw.get("reviews")
    said = set(reviews) if isinstance(reviews, Mapping) else set()
    decided = {paper.review for paper in papers.values()}
    whole = "annual_papers" not in sound.raw or sound.whole("annual_papers")
    for key in REVIEWS:
        if key in decided and key not in said:
            yield Fault(("reviews", key), NO_CHAIN)
        if key in said and key not in decided and whole:
            yield Fault(("reviews", key), CHAIN_UNREAD)
    for paper in papers.values():
        chain = sound.chains.get(paper.review)
        for position, step in enumerate(chain.steps if chain is not None else ()):
            if step.at in paper.handed_in_by:
                params = {"at": step.at, "paper": paper.key}
                yield Fault(("reviews", paper.review, "steps", position, "at"), ITSELF, params)
