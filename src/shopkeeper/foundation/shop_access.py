"""How a shop is reached on its platform: what every adapter of a platform is given."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """How one shop is reached on its platform. Secrets never show in `repr`."""

    shop_id: int
    platform: str
    base_url: str
    app_key: str
    app_secret: str = field(repr=False)
    session: str = field(repr=False)
