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
    Code("E753", "Decision that plans made on the way cannot take up",
         "Re-planning starts from what is there on a date; an option that was bought or a milestone that the plan "
         "placed would be lost to it.",
         "Enter what was decided as given (dates, capacities), or test without --replan."),
    Code("W753", "Agreement that plans made on the way do not keep",
         "It is about the whole horizon or about an earlier plan, and re-planning sees only what is left, so that it "
         "may do better than the agreement allows.",
         "Read the difference as an upper end of what re-planning can do."),
)  # fmt: skip
