"""A picture for each customer, always the same, so that threads beside each other are told apart at a glance."""

from __future__ import annotations

# Things that are neither a face nor a judgement, and no sign of a state; Slack's own names.
_PICTURES = (
    *("sunflower", "cactus", "maple_leaf", "ocean", "tulip", "snowflake", "evergreen_tree", "shell", "cherry_blossom"),
    *("rainbow", "mushroom", "palm_tree", "rose", "four_leaf_clover", "hibiscus", "ear_of_rice", "deciduous_tree"),
    *("blossom", "herb", "fallen_leaf", "seedling", "bouquet", "crescent_moon", "sunny"),
)


def avatar(customer_id: int) -> str:
    """Customers who came one after the other never share one."""
    return f":{_PICTURES[customer_id % len(_PICTURES)]}:"
