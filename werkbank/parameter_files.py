"""The two files of parameters as they are written: what may stand in them, and where a misplaced key belongs."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, StrictInt, StrictStr, StringConstraints, model_validator

from werkbank.method import Frozen, Method

__all__ = [
    "Colophon",
    "Deviations",
    "Distribution",
    "DistrictFile",
    "Imprint",
    "MunicipalityFile",
    "Parties",
    "RoundName",
    "Slug",
]

Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]


def _distinct(parties: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(parties)) < len(parties):
        raise ValueError("elke partij één keer")
    return parties


def _within_workspace(folder: str) -> str:
    if ".." in re.split(r"[/\\]", folder):
        raise ValueError("een map binnen de map van de werkbank, of een volledig pad, zonder “..”")
    return folder


_ADDRESS = re.compile(r"@|\d[\d\s().+-]{5,}")
"""An e-mail address or a telephone number."""


def _no_address(role: str) -> str:
    if _ADDRESS.search(role):
        raise ValueError("een rol of functie, zonder naam, e-mailadres of telefoonnummer")
    return role


def _distinct_roles(roles: tuple[str, ...]) -> tuple[str, ...]:
    if len({role.casefold() for role in roles}) < len(roles):
        raise ValueError("elke rol één keer")
    return roles


Role = Annotated[
    StrictStr, StringConstraints(strip_whitespace=True, min_length=2, max_length=80), AfterValidator(_no_address)
]
Roles = Annotated[tuple[Role, ...], Field(max_length=30), AfterValidator(_distinct_roles)]
Folder = Annotated[Text, AfterValidator(_within_workspace)]
Parties = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_distinct)]
Slug = Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
RoundName = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]

_METHOD_KEYS = tuple(Method.model_fields)


class Distribution(Frozen):
    """Per audience the roles that get its copy; whoever is not named gets none by this list."""

    riec: Roles = ()
    police: Roles = ()
    municipality: Roles = ()
    steering: Roles = ()
    partners: Roles = ()
    entrepreneurs: Roles = ()
    public: Roles = ()


class Imprint(Frozen):
    """Who made the copies of one audience and who gets them, by role."""

    made_by: Role | None = None
    readers: Roles = ()


class Colophon(Frozen):
    """Who made the report and who gets it, by role and never by name; nothing in it changes an outcome."""

    made_by: Role | None = None
    distribution: Distribution = Distribution()

    def of(self, audience: object) -> dict[str, object]:
        """What the copies of one audience say; who gets another's copy is not in it."""
        readers = next((roles for name, roles in self.distribution if name == audience), ())
        return {"made_by": self.made_by, "readers": readers}

    def over(self, district: Colophon) -> Colophon:
        """What a municipality says of itself goes before what its district says; the rest is the district's."""
        own = {name: roles for name, roles in self.distribution if roles}
        return Colophon(
            made_by=self.made_by or district.made_by, distribution=district.distribution.model_copy(update=own)
        )


class DistrictFile(Frozen):
    """The contents of `parameters/district.yaml`."""

    MISPLACED: ClassVar[dict[str, str]] = {
        **dict.fromkeys(_METHOD_KEYS, "zet dit onder “method”"),
        "deviations": "een afwijking hoort in het bestand van de gemeente, zoals urk.yaml",
    }

    district: Text
    round: RoundName
    earlier_round: RoundName | None = None
    data: Folder = "data"
    output: Folder = "output"
    parties: Parties = ("police", "municipality")
    catalogue: Folder | None = None
    capacity: Annotated[StrictInt, Field(ge=1)] = 1
    legal_basis: Text
    report: Colophon = Colophon()
    method: Method = Method()

    @model_validator(mode="after")
    def _two_rounds(self) -> Self:
        if self.earlier_round == self.round:
            raise ValueError("een earlier_round die een andere ronde is dan round")
        return self


class Deviations(Frozen):
    """What one municipality does otherwise than the district, and why."""

    MISPLACED: ClassVar[dict[str, str]] = dict.fromkeys(_METHOD_KEYS, "zet dit onder “method”")

    reason: Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=10)]
    capacity: Annotated[StrictInt, Field(ge=1)] | None = None
    legal_basis: Text | None = None
    method: dict[str, Any] | None = None


class MunicipalityFile(Frozen):
    """The contents of `parameters/<municipality>.yaml`."""

    MISPLACED: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            _METHOD_KEYS, "zet dit onder “deviations” en daarbinnen onder “method”, met een “reason” erbij"
        ),
        **dict.fromkeys(DistrictFile.model_fields, "dit staat voor het hele district vast: zet het in district.yaml"),
        **dict.fromkeys(("method", "capacity", "legal_basis"), "zet dit onder “deviations”, met een “reason” erbij"),
        "reason": "zet dit onder “deviations”",
    }

    municipality: Slug
    code: Annotated[StrictStr, Field(pattern=r"^GM\d{4}$")]
    name: Text
    report: Colophon = Colophon()
    deviations: Deviations | None = None
