"""Problems of drills and of a stress test."""

from __future__ import annotations

from .code import Code

DRILLS = (
    Code("E461", "Drill that is not certain",
         "A drill says what becomes of the programme if one event happens: its day and its length must be fixed.",
         "Give date and duration_days; leave rate, probability, season and cause_share empty, or use the table risks."),
    Code("E462", "Drills that overlap",
         "Two drills of one kind hit the same target at the same time; what the second one adds would not be clear.",
         "Move one of them, or make one longer drill of both."),
    Code("E463", "Drill with the name of a risk",
         "The programme has a risk of this name, and their losses could not be told apart.", "Rename the drill."),
    Code("E464", "Drill outside the horizon",
         "The programme is over, or has not begun, when the drill ends or begins; it would change nothing.",
         "Correct the date."),
    Code("W581", "Risk that reaches nothing",
         "The target has nothing that the risk could change, so that it costs nothing in the stress test.",
         "Check target_table and target: a site without resources and processes, a party without supplies."),
    Code("W582", "Stress test without any risk",
         "There is neither a risk nor a drill; every replication is the same, and only timing inside buckets shows.",
         "Fill the table risks, or give a drill."),
    Code("W583", "Plan that the stress test carries out in part",
         "The plan rests on something that the stress test does not know, so that more is late in it than would be.",
         "Read the losses of timing with care; to test the rest, enter what was decided as given (dates, capacities)."),
)  # fmt: skip
