"""Problems of the baseline and of the frozen horizon."""

from __future__ import annotations

from .code import Code

STABILITY = (
    Code("E481", "Row of the baseline that does not say what was done",
         "A run, order, shipment or delivery names its process, supply, lane or demand, a shipment its item as well, "
         "and the end is after the start.",
         "Fill the cell, or make the baseline anew with `coproduce plan --baseline`."),
    Code("E482", "Frozen beyond the baseline",
         "The plan is to repeat the baseline up to a date for which the baseline says nothing.",
         "Move frozen_until into the time that the baseline covers, or give a baseline that reaches further."),
    Code("E483", "Baseline of another programme",
         "Nothing that the baseline names is in this programme.", "Give the result folder of an earlier plan of it."),
    Code("W595", "Baseline names what is no longer there",
         "The process, supply, lane or demand was removed or renamed; what the baseline did with it can neither be "
         "frozen nor compared.",
         "Check that it is meant; after a renaming, give it its old id."),
    Code("W596", "Without effect: no baseline",
         "What is frozen and what is a change is told by a baseline, and there is none.",
         "Give one with `coproduce plan --baseline FOLDER`, or empty the cell."),
    Code("W597", "Bucket frozen as a whole",
         "The date lies inside a bucket; all of it is frozen, since it begins before the date.",
         "Move frozen_until to the start of a bucket."),
    Code("W598", "Baseline outside the horizon",
         "Part of the baseline lies before the start or after the end of this programme and is left out.",
         "Nothing, if the programme has moved on since; what has been delivered must be out of the demands, and what "
         "is under way in wip and receipts."),
)  # fmt: skip
