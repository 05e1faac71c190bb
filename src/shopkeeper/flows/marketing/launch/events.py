"""What happens to materials and at the gate."""

from dataclasses import dataclass

from shopkeeper.foundation.events import Event


@dataclass(frozen=True, slots=True)
class MaterialBriefed(Event):
    """Somebody asked for a poster, a film or a text."""

    material_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class MaterialVersionAdded(Event):
    """A version came in; it is checked."""

    material_id: int
    campaign_id: int
    shop_id: int
    number: int


@dataclass(frozen=True, slots=True)
class MaterialChecked(Event):
    """The checks of a version are through; `errors` are the codes of what stands in its way."""

    material_id: int
    campaign_id: int
    shop_id: int
    number: int
    verdict: str
    errors: list[str]


@dataclass(frozen=True, slots=True)
class MaterialApproved(Event):
    """Another person approved a version; it may be used."""

    material_id: int
    campaign_id: int
    shop_id: int
    number: int


@dataclass(frozen=True, slots=True)
class MaterialReturned(Event):
    """Another person wants a version changed."""

    material_id: int
    campaign_id: int
    shop_id: int
    number: int


@dataclass(frozen=True, slots=True)
class MaterialUsed(Event):
    """An approved version is put somewhere."""

    material_id: int
    campaign_id: int
    shop_id: int
    number: int
    channel: str


@dataclass(frozen=True, slots=True)
class MaterialDropped(Event):
    """A material is no longer wanted."""

    material_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class BrandSet(Event):
    """A shop's brand colours are others now."""

    shop_id: int
    colours: list[str]


@dataclass(frozen=True, slots=True)
class ExampleSaved(Event):
    """A cart with what it has to come to was written down."""

    example_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class ExampleDropped(Event):
    """An example no longer counts."""

    example_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class GateOpened(Event):
    """An approved campaign has to pass the gate before it goes live."""

    gate_id: int
    campaign_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class GateRunStarted(Event):
    """The gate is being tested."""

    gate_id: int
    campaign_id: int
    shop_id: int
    number: int


@dataclass(frozen=True, slots=True)
class GateDecided(Event):
    """A test run is through: green, or red with the names of what is red."""

    gate_id: int
    campaign_id: int
    shop_id: int
    number: int
    is_green: bool
    red: list[str]


@dataclass(frozen=True, slots=True)
class GateOverridden(Event):
    """A manager lets a campaign pass although something is red."""

    gate_id: int
    campaign_id: int
    shop_id: int
    red: list[str]


@dataclass(frozen=True, slots=True)
class GateExpired(Event):
    """A result no longer counts: too old, or what was tested has changed."""

    gate_id: int
    campaign_id: int
    shop_id: int
    why: str
