"""After-sale cases and what hangs on them: policy, evidence, offers, refunds, returned parcels, replacements."""

from .cases import AfterSaleCase, CaseLine, Evidence, EvidenceLink, Offer, Replacement, case_number
from .money import LineBalance, PlatformRefund, Refund, RefundLine
from .policies import AfterSalePolicy, AfterSalePolicyLine
from .returns import ReturnLine, ReturnParcel

__all__ = [
    "AfterSaleCase",
    "AfterSalePolicy",
    "AfterSalePolicyLine",
    "CaseLine",
    "Evidence",
    "EvidenceLink",
    "LineBalance",
    "Offer",
    "PlatformRefund",
    "Refund",
    "RefundLine",
    "Replacement",
    "ReturnLine",
    "ReturnParcel",
    "case_number",
]
