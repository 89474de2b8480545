"""How the province trains in classes: what its profile says of plans, half days and what they count."""

from app.declare.province import province
from app.declare.training import Training
from app.services.errors import NotEligible


def class_rules() -> Training:
    """The profile's part about training. Raises NotEligible where the province has no plans."""
    found = province().training
    if found is None:
        raise NotEligible
    return found
