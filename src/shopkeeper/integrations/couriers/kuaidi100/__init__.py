"""快递100: numbers, tracking by question and by push, for all its couriers."""

from shopkeeper.integrations.couriers.kuaidi100.courier import Kuaidi100Access, Kuaidi100Courier

__all__ = ["Kuaidi100Access", "Kuaidi100Courier"]
