"""Permissions on materials and on the go-live gate."""

from enum import StrEnum


class Permission(StrEnum):
    MATERIAL_VIEW = "marketing.material.view"
    MATERIAL_BRIEF = "marketing.material.brief"
    MATERIAL_MAKE = "marketing.material.make"
    MATERIAL_APPROVE = "marketing.material.approve"
    BRAND_SET = "marketing.brand.set"
    GATE_VIEW = "marketing.gate.view"
    GATE_RUN = "marketing.gate.run"
    GATE_EXAMPLE = "marketing.gate.example"
    GATE_OVERRIDE = "marketing.gate.override"
