"""Where everything stands on the paper, lying or upright; in points from its lower left corner."""

from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, landscape


@dataclass(frozen=True, slots=True)
class Sheet:
    """One format of paper. A pair is a place (x, y); a single number is a height y.

    `table` is the top of the table of hours and the lowest that it may reach; `statement` its first baseline
    and how far down it may go.
    """

    across: float
    up: float
    left: float
    right: float
    title: float
    title_size: float
    name: float
    document: tuple[float, float]
    year: tuple[float, float]
    beside: bool
    unit: float
    statement: tuple[float, float]
    table: tuple[float, float]
    number: tuple[float, float]
    number_room: float
    issuer: tuple[float, float]
    issuer_room: float
    code_side: float = 104

    @property
    def middle(self) -> float:
        """Half across."""
        return self.across / 2

    @property
    def room(self) -> float:
        """Between the margins."""
        return self.right - self.left


_ACROSS, _UP = landscape(A4)

LANDSCAPE = Sheet(
    across=_ACROSS, up=_UP, left=96, right=_ACROSS - 96, title=494, title_size=34, name=406,
    document=(96, 370), year=(_ACROSS / 2 + 12, 370), beside=True, unit=344, statement=(304, 82),
    table=(222, 172), number=(196, 128), number_room=250, issuer=(_ACROSS - 226, 116), issuer_room=260,
)  # fmt: skip

PORTRAIT = Sheet(
    across=_UP, up=_ACROSS, left=76, right=_UP - 76, title=740, title_size=30, name=640,
    document=(76, 598), year=(76, 572), beside=False, unit=546, statement=(500, 104),
    table=(386, 240), number=(176, 130), number_room=260, issuer=(_UP - 176, 192), issuer_room=200,
)  # fmt: skip

SHEETS = {"landscape": LANDSCAPE, "portrait": PORTRAIT}
