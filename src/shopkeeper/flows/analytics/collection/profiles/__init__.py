"""Files of figures we can read, as data: another export is another entry."""

from shopkeeper.flows.analytics.collection.profiles import sycm
from shopkeeper.flows.analytics.collection.profiles.profile import Field, Profile, Reads

__all__ = ["PROFILES", "Field", "Profile", "Reads"]
PROFILES: dict[str, Profile] = {profile.name: profile for profile in sycm.PROFILES}
