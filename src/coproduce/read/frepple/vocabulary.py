"""The names of frePPLe's entities and fields in its XML, its fixtures and its workbooks, brought to one form."""

from __future__ import annotations

import re
from functools import lru_cache

KINDS = frozenset(
    {
        *("item", "location", "customer", "supplier", "operation", "suboperation", "buffer", "resource", "skill"),
        *("resourceskill", "calendar", "calendarbucket", "operationmaterial", "operationresource", "itemsupplier"),
        *("itemdistribution", "demand", "operationplan", "setupmatrix", "setuprule", "parameter"),
    }
)

_KIND_ALIASES = {
    "flow": "operationmaterial",
    "load": "operationresource",
    "bucket": "calendarbucket",
    "rule": "setuprule",
    "salesorder": "demand",
    "manufacturingorder": "operationplan",
    "purchaseorder": "operationplan",
    "distributionorder": "operationplan",
    "deliveryorder": "operationplan",
    "operationplanmaterial": "",
    "operationplanresource": "",
}

ORDER_TYPES = {"manufacturingorder": "MO", "purchaseorder": "PO", "distributionorder": "DO", "deliveryorder": "DLVR"}
"""Type of the order in a sheet that holds orders of one type."""

_FIELD_ALIASES = {
    "durationperunit": "durationper",
    "default": "defaultvalue",
    "startdate": "start",
    "enddate": "end",
    "orderingdate": "start",
    "shippingdate": "start",
    "receiptdate": "end",
    "fixedquantity": "quantityfixed",
    "minimumshipment": "minshipment",
    "maximumlateness": "maxlateness",
    "resourcequantity": "resourceqty",
    "ordertype": "type",
    "posttime": "posttime",
    "postoperationtime": "posttime",
    "leadtime": "leadtime",
    "available": "available",
    "produces": "producing",
    "setuprules": "rules",
}

MANAGED = frozenset(("lft", "rght", "lvl", "plan", "lastmodified", "source", "id", "hidden", "detectproblems"))
"""Fields that frePPLe manages for itself or that say nothing about the plan."""


def _word(name: str) -> str:
    return re.sub(r"[\s_\-%]+", "", name.lower())


@lru_cache(maxsize=1024)
def kind_of(name: str) -> str:
    """Return the kind of entity that a sheet, model or element holds; empty if it is none that is known."""
    word = _word(name.removeprefix("input.").removeprefix("common."))
    word = _KIND_ALIASES.get(word, word)
    return word if word in KINDS else ""


def order_type_of(sheet: str) -> str:
    """Return the type of all orders in a sheet; empty where each says its own."""
    return ORDER_TYPES.get(_word(sheet), "")


@lru_cache(maxsize=1024)
def field_of(name: str) -> str:
    """Return a field's name in one word of small letters; the `_id` of a database key is left off."""
    word = _word(re.sub(r"_id$", "", name.strip()))
    return _FIELD_ALIASES.get(word, word)
