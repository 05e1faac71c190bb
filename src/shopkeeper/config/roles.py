"""Which role may do what, on one page. Deny by default: what is not listed is refused."""


from shopkeeper.foundation.permissions import Permission as Foundation
from shopkeeper.sop.permissions import Permission as Sop

_EVERYONE = {Sop.WORK_VIEW, Sop.WORK_CLAIM, Sop.COMPLIANCE_VIEW, Foundation.TOKEN_MAKE}
