"""Units set aside for contracts whose components' origin is limited, as arrays; empty where no contract has a limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Earmarks:
    """What may be set aside for contracts, and the limits on it. A recipe is a process and one item that it makes.

    Attributes
    ----------
    contract : (contract,) row of the table `contracts`
    demand : (demand,) number of the contract that deliveries are set aside for, -1 for none
    covered : (contract, item) its products, versions that stand in for them, and all that goes into them
    recipe_process, recipe_item : (recipe,)
    line_recipe, line_flow : (line,) flows of recipes
    line_part : (line, bucket) part of the flow of a run started in a bucket that belongs to the recipe's item
    given_node, given_bucket, given_units : (given,) opening stock, then receipts, then outputs of firm runs
    given_row : (given,) row of `stocks`, `receipts` or `wip`
    given_table : (given,) 0, 1 or 2 for these tables
    limit, of, share : (limit,) row of the table `origin_limits`, number of its contract, largest share from outside
    cost : (item,) component cost of a unit in the programme's currency, 0 for none
    supply_outside, process_outside : (limit, supply | process) whether an offer, what is made of nothing, is outside
    from_nothing : (process,) whether it takes nothing in
    given_counts, given_outside : (limit, given) whether it counts as a component, and as one from outside
    """

    contract: Ints
    demand: Ints
    covered: Bools
    recipe_process: Ints
    recipe_item: Ints
    line_recipe: Ints
    line_flow: Ints
    line_part: Floats
    given_node: Ints
    given_bucket: Ints
    given_units: Floats
    given_row: Ints
    given_table: Ints
    limit: Ints
    of: Ints
    share: Floats
    cost: Floats
    supply_outside: Bools
    process_outside: Bools
    from_nothing: Bools
    given_counts: Bools
    given_outside: Bools

    def any_covered(self) -> Bools:
        """(item,) whether something of it may be set aside for a contract."""
        return np.asarray(self.covered.any(axis=0))

    def told_apart(self, known: Ints) -> Ints:
        """(demand,) numbers that tell demands apart, those given and the contract together; -1 stays -1."""
        return np.where(known < 0, -1, known * (len(self.contract) + 1) + self.demand + 1)
