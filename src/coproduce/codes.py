"""The catalogue of problem codes: what each means and what to do, and the factory that makes problems from it."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Origin, Problem, Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem.

    Attributes
    ----------
    code : stable identifier; E stops the run, W does not
    title : what is wrong, in a few words
    meaning : what was found and why it matters
    remedy : what to do about it
    """

    code: str
    title: str
    meaning: str
    remedy: str

    @property
    def severity(self) -> Severity:
        """Whether the problem stops the run."""
        return Severity.ERROR if self.code.startswith("E") else Severity.WARNING


_FILES = (
    Code("E101", "Nothing at this path", "There is no file or folder at the path given.", "Check the path."),
    Code("E102", "File cannot be read",
         "The file is damaged, cut off, or not of the kind that its name says.",
         "Open it in the program that made it and save it again; workbooks are .xlsx, .xlsm or .ods, "
         "tables .csv, .tsv, .txt or .parquet, settings .yaml."),
    Code("E103", "File is protected by a password",
         "The workbook is encrypted; its content cannot be seen.",
         "Remove the password in the spreadsheet program (File, Info, Protect Workbook) and save."),
    Code("E104", "File is too large",
         "Unpacked, the file would exceed the limit that protects the machine.",
         "Give large tables as parquet or CSV; check where the file comes from if it should be small."),
    Code("E105", "No table found",
         "The folder or workbook holds none of the tables of a programme.",
         "Name sheets or files after the tables: programme, sites, items, demands and so on."),
    Code("E106", "Name resembles a table but is none",
         "A sheet or file name is almost that of a table; it would be lost if it were ignored.",
         "Correct the name, or start it with # or _ to keep it as your own remark."),
    Code("E107", "Table given twice", "Two sheets or files hold the same table.", "Merge them or rename one."),
    Code("E108", "Header is not in the first row",
         "A row further down holds the column names; the rows above would be taken for the header.",
         "Delete what stands above the header, or move it to another sheet."),
    Code("E109", "Column name given twice", "Two columns have the same name.", "Rename or delete one of them."),
    Code("E110", "Column without a name",
         "There are values below an empty header cell.",
         "Name the column; start the name with # if it is your own remark."),
    Code("E111", "Row with the wrong number of fields",
         "A line of a text file has more or fewer fields than the header.",
         "Look for a missing or surplus separator, or a text with a separator that is not in quotes."),
    Code("E112", "Not a text file", "The file holds bytes that belong to no text.", "Save it as CSV in UTF-8."),
    Code("E113", "Quotation mark never closed",
         "A quoted text is not closed before the end of the file.",
         "Close the quotation mark; a quotation mark inside quotes is written twice."),
    Code("E114", "Settings cannot be understood",
         "The settings are not a list of names with one value each.", "Write one setting a line: `name: value`."),
    Code("E115", "Unknown column",
         "The table has no column of this name; its values would be lost if it were ignored.",
         "Correct the name, or start it with # or _ to keep it as your own remark."),
    Code("E116", "Required column missing", "The table cannot be understood without this column.", "Add the column."),
    Code("E117", "Required table missing or empty", "A plan needs this table with at least one row.", "Add it."),
    Code("E118", "Column of a type that cannot be used",
         "The column's type holds no single values of the kind that is asked for.",
         "Convert the column before writing the file."),
    Code("E119", "Sheet too wide or too long",
         "A stray cell far from the table makes the sheet enormous.",
         "Delete the rows and columns around the table (select, Delete) and save."),
    Code("E120", "Programme is not one set of settings",
         "The programme table must have exactly one row, or each setting once.",
         "Keep one row, or one line for each setting."),
    Code("E121", "Merged cells in a table",
         "A merged cell holds one value for several cells; the others count as empty, whatever the eye sees.",
         "Unmerge the cells (Home, Merge & Center) and fill each of them."),
    Code("E130", "No sound file of frePPLe",
         "XML and JSON files are read as those of the planner frePPLe, and this one is damaged or something else.",
         "Save it anew from frePPLe, or give a folder or a workbook."),
    Code("E131", "Value of frePPLe cannot be read",
         "The field of the frePPLe file asks for a number, a duration, a date or a switch.",
         "Correct the value in the file."),
)  # fmt: skip

_CELLS = (
    Code("E201", "Required cell is empty", "This column needs a value in every row.", "Fill the cell."),
    Code("E202", "Not a number", "The text cannot be read as a number.", "Write digits with a decimal point: 1234.5."),
    Code("E203", "Not a whole number",
         "This column counts something; fractions mean nothing.", "Write a whole number."),
    Code("E204", "Not a finite number",
         "Infinity and not-a-number are not quantities.",
         "Write a number, or leave the cell empty where empty means no limit."),
    Code("E205", "Number out of bounds",
         "The value is outside the range that this column allows.", "Correct the value."),
    Code("E206", "Not a date", "The text is not a date of the calendar.", "Write 2026-03-01 or 2026-03-01 06:00."),
    Code("E207", "Date in another form",
         "Day and month cannot be told apart reliably in this form.", "Write year-month-day: 2026-12-31."),
    Code("E208", "Number in a date column",
         "Excel stores dates as numbers; this one has lost its date format.",
         "Format the cell as a date, or write 2026-03-01."),
    Code("E209", "Character not allowed in an id",
         "Ids consist of letters A-Z and a-z, digits, dot, hyphen and underscore.",
         "Change the id; put the full name into the column name."),
    Code("E210", "Text not of the required form",
         "The column asks for a text of fixed form.", "Follow the example shown."),
    Code("E211", "Not one of the choices", "The column has a closed list of values.", "Use one of the values listed."),
    Code("E212", "Not yes or no", "The column is a switch.", "Write yes or no."),
    Code("E213", "Error value of the spreadsheet",
         "The cell holds #N/A, #REF! or another error.", "Repair the formula."),
    Code("E214", "Formula without a stored result",
         "The workbook was written by a program that does not calculate.",
         "Open the workbook in Excel or LibreOffice and save it; that stores the results."),
    Code("E215", "Decimal comma",
         "Numbers are written with a decimal point; a comma is never guessed.", "Replace the comma by a point."),
    Code("E216", "Thousands separator",
         "Digits are grouped; numbers are written without separators.", "Remove the separators."),
    Code("E217", "Percentage as text", "Shares are written as numbers between 0 and 1.", "Write 0.85 for 85%."),
    Code("E218", "Date with a time zone",
         "Dates are local times of the programme, without a zone.", "Remove the zone."),
    Code("E219", "Text too long",
         "The text is longer than a cell of a spreadsheet can hold.", "Shorten it; look for a stray quotation mark."),
)  # fmt: skip

_REFERENCES = (
    Code("E301", "Key given twice",
         "Two rows have the same key; it would not be clear which one holds.",
         "Change the key of one row or delete it; number lines where a table has a column line."),
    Code("E302", "Unknown reference",
         "The cell names a row that the other table does not have.",
         "Correct the name, or add the row to the other table."),
    Code("E303", "Reference to a table that is not given",
         "The column names rows of a table that is missing or empty.", "Add the table, or empty the column."),
    Code("E304", "Currency without a rate",
         "Amounts in this currency cannot be converted.",
         "Add a row to exchange_rates dated on or before the start, or without a date."),
    Code("E305", "Exchange rate given twice", "Two rates of one currency have the same date.", "Delete one."),
    Code("E306", "Evidence for an unknown table",
         "The evidence names a table that does not exist.", "Correct the name."),
    Code("E307", "Evidence for an unknown column",
         "The evidence names a column that its table does not have.", "Correct the name."),
    Code("E308", "Evidence for no row",
         "No row of the table has a key of this form, so nothing rests on the evidence.",
         "Correct the key: its parts joined by /, in the order of the table's key; * stands for any characters."),
    Code("E309", "Evidence without a source",
         "Cited and estimated figures must say where they are from.",
         "Name a row of sources, or mark the figure as assumed."),
    Code("E310", "Promise that stands for no row",
         "No row of the table has a key of this form, so nothing in the plan rests on the promise.",
         "Write table:key as in demands:gear_*; * stands for any characters."),
)  # fmt: skip

_LOGIC = (
    Code("E401", "Buckets do not fit the calendar",
         "The horizon cannot be cut into these buckets.",
         "Start months on the first day of a month, and list short buckets before long ones."),
    Code("E402", "Too many buckets", "The horizon has more buckets than a plan can use.", "Use longer buckets."),
    Code("E403", "Unit differs",
         "The quantity is given in another unit than the item or resource is counted in.",
         "Convert the quantity, or correct the unit."),
    Code("E404", "Ends before it begins",
         "The second date of a window is before the first.", "Swap or correct the dates."),
    Code("E405", "Stock limits conflict",
         "The stock must be above one limit and below a smaller one.", "Lower the minimum or raise the maximum."),
    Code("E406", "Process without output",
         "Nothing comes out of the process.", "Add a flow with a positive quantity, or delete the process."),
    Code("E407", "Lane to its own beginning",
         "The lane leads from a site to the same site.", "Correct one of the sites."),
    Code("E408", "Due after the horizon",
         "The plan ends before the demand is due.", "Lengthen the buckets of the programme, or leave the demand out."),
    Code("E409", "Receipt before the start",
         "What arrived before the start is stock, not a receipt.",
         "Add it to the opening stock and delete the receipt."),
    Code("E410", "Load ends before it begins",
         "The interval of the load is reversed.", "Correct from_days or until_days."),
    Code("E411", "Range is reversed", "The lowest plausible value is above the highest.", "Swap low and high."),
    Code("E412", "Demand that nothing can meet",
         "No stock, receipt, supply, process or lane can bring the item to the site, whatever the capacity.",
         "Add what the message names as missing."),
    Code("E413", "Bill of materials feeds on itself",
         "Items are made from each other and none of them comes from elsewhere.",
         "Give one of them an opening stock or a supply, or correct the flows."),
    Code("E414", "Cycle without delay",
         "Processes and lanes lead from an item back to itself in no time.", "Give one of them a lead time."),
    Code("E415", "Demand without a cost of lateness",
         "With objective = money, lateness must have a price.", "Fill late_cost, or use objective = tiers."),
    Code("E416", "Largest lot below the smallest",
         "No lot can have these sizes, so that nothing could ever start.",
         "Raise maximum_size, or lower minimum_size or multiple_size."),
    Code("E417", "Milestones or options wait for each other",
         "None of them can come first, so that none can ever be reached or bought.",
         "Take one of them out of `after`, `needs` or `option`, or give a milestone its date in `reached`."),
    Code("E418", "Ramp that falls",
         "A ramp says how a rate grows after the opening; a step is lower than the one before.",
         "Correct the factor or the days; for a rate that falls use a calendar."),
    Code("E419", "Ramp without a rate",
         "The ramp of a process acts on its `rate_limit`, and there is none.",
         "Fill rate_limit, or put the ramp on the resource that limits the process."),
    Code("E420", "Option adds to a resource that waits for a decision",
         "The resource opens only with a milestone whose date the plan decides; it cannot grow by options beside that.",
         "Let the option wait for the milestone (`after`), and give it a resource of its own."),
    Code("E441", "Versions replace each other in a circle",
         "Of items that replace each other none is the oldest.", "Correct one of the cells replaces."),
    Code("E442", "Versions counted in different units",
         "A unit of an item that stands in counts as one unit of the item that it replaces.",
         "Give both the same unit, or let a process turn one into the other."),
    Code("E443", "Write-off that earns money",
         "What stock brings when it is written off cannot be more than it is worth.",
         "Raise unit_value of the item, or lower write_off_value."),
)  # fmt: skip

_SCENARIOS = (
    Code("E601", "Scenario changes what does not exist",
         "The line names a table or a column that is not declared.", "Correct the name."),
    Code("E602", "Condition or list of cells cannot be understood",
         "Conditions have the form `column = value; column in a|b`, the cells of a new row `column = value; ...`.",
         "Follow the form; a value that itself holds ; or | stands in quotation marks."),
    Code("E603", "Change that meets no row",
         "No row of the table fits the conditions, so the line would change nothing.", "Correct the conditions."),
    Code("E604", "Change that does not fit",
         "The action does not go with the column, the value or the cells that it meets.",
         "Choose another action or value: scale and shift need numbers (shift also dates), remove needs conditions."),
    Code("E605", "Scenario of no use",
         "The name cannot be that of a scenario, or it includes one that is not there, or itself.",
         "Use letters, digits, - and _; `base` is the programme as it stands."),
)  # fmt: skip

_AGREED = (
    Code("E431", "Two cells where one is meant",
         "An agreement fills both of two cells that exclude each other, or neither of them.",
         "Fill exactly one; where a scope is optional, fill one or leave both empty."),
    Code("E432", "Work share with its limits reversed",
         "The least share is above the largest one, so that no plan could keep both.",
         "Lower minimum or raise maximum."),
    Code("E433", "Item without a value",
         "A work share by value needs the value that every run adds, and the item has none.",
         "Fill unit_value of the item, or work_value of the processes that use it."),
    Code("W561", "Agreement that limits nothing",
         "The row gives none of its limits.", "Fill one of them, or delete the row."),
    Code("W562", "Agreement about nothing",
         "There is no work, demand, lane or process to which the agreement applies.",
         "Correct party, item, family or resource, or delete the row."),
    Code("W563", "Set that cannot be complete",
         "The demands of the set may be delivered in no bucket together, so that none of them ever is.",
         "Check earliest, due and maximum_late_days of its demands."),
)  # fmt: skip

_RISKS = (
    Code("E451", "Risk that cannot hit its target",
         "This kind of risk means nothing for what the target is.", "Change kind or target_table."),
    Code("E452", "Incomplete risk",
         "The risk does not say when it happens, how long it lasts or what is left.", "Fill the cell that is named."),
    Code("E453", "Impossible risk",
         "The durations are reversed, or the factor would do the opposite.", "Correct the value."),
    Code("E454", "Shared cause with different events",
         "Rows of one cause share its events, so they cannot differ in when and how long.",
         "Make the values equal, or give one row another cause."),
)  # fmt: skip

_DRILLS = (
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

_WARNINGS = (
    Code("W501", "Text is not UTF-8",
         "The file was read as Windows (cp1252) or UTF-16 text; letters with accents may be wrong.",
         "Save it as CSV in UTF-8."),
    Code("W502", "Sheet or file ignored",
         "Its name is not that of a table.", "Start the name with # or _ to say that it is your own remark."),
    Code("W504", "Column not honoured yet",
         "The column is read, but no part of the program uses it yet.",
         "Keep it if you like; the plan does not depend on it."),
    Code("W505", "Table of results ignored", "The sheet or file holds results of an earlier plan.", "Nothing."),
    Code("W506", "Empty sheet", "The sheet or file of a table holds nothing at all.", "Fill or delete it."),
    Code("W507", "Flow of nothing", "The quantity of the flow is 0.", "Correct it or delete the row."),
    Code("W508", "Opening stock above the maximum",
         "The plan must bring the stock below its maximum in the first bucket, which may be impossible.",
         "Raise the maximum, or check the opening stock."),
    Code("W509", "Overdue demand",
         "The due date is before the start; the demand counts as late from that date.", "Check the date."),
    Code("W510", "Receipt after the horizon",
         "The receipt arrives after the plan ends and does not count.", "Check the date."),
    Code("W511", "Run already ended",
         "The run ended before the start; nothing of it counts.",
         "Add its output to the opening stock and delete the row."),
    Code("W512", "Never usable",
         "The dates leave no bucket of the horizon in which the row could be used.", "Check the dates."),
    Code("W513", "Loaded resource without capacity",
         "Processes load a resource that has no capacity at any time.",
         "Check the capacity, the calendar and the dates."),
    Code("W514", "Calendar entries overlap",
         "Two entries of equal priority give different factors for the same time; the first row holds.",
         "Give one of them a lower priority number."),
    Code("W515", "Value outside its evidence",
         "The cell is outside the range that its evidence calls plausible.", "Check the value or the range."),
    Code("W516", "Demand for nothing", "The quantity of the demand is 0.", "Correct it or delete the row."),
    Code("W517", "Demand that its dates close",
         "No bucket lies between the earliest and the latest delivery.", "Check earliest and maximum_late_days."),
    Code("W518", "Rate of the programme's own currency",
         "The programme's currency always counts as 1; the rate is ignored.", "Delete the row."),
    Code("W519", "Load after the end of the run",
         "The load begins when the run has already ended.", "Check from_days and the lead time of the process."),
    Code("W520", "Input after the outputs",
         "The input is taken only after every output of the run has come out.", "Check offset_from and offset_days."),
    Code("W521", "Process that takes nothing in",
         "All its flows are positive: it makes several items out of nothing.", "Give inputs a minus sign."),
    Code("W522", "Input that nothing brings",
         "No stock, receipt, supply, process or lane ever brings the item to the process.",
         "Add the supply, the process or the lane that is missing."),
    Code("W523", "Capacity without load",
         "No process loads the resource, so that its capacity limits nothing.", "Add rows to loads, or delete it."),
    Code("W524", "Contract without date or quantity",
         "What is contracted or delivered has a date and a quantity; without them no plan can be compared with it.",
         "Fill quantity and due (for a delivery: said), or lower the status to what the source really says."),
    Code("W525", "Said after it was published",
         "A source cannot report what was said after it was published.", "Check the date here and that of the source."),
    Code("W526", "Status goes backwards",
         "What was signed, contracted or delivered is later said to be less firm.",
         "Check the dates and the status; keep both rows if the sources really differ."),
    Code("W527", "Promise given twice",
         "One source says the same under two ids, so that it would count twice.",
         "Delete one row, or give both the same id if they are one promise."),
    Code("W528", "Quantity of something unnamed",
         "The quantity has neither an item nor a unit, so nobody can tell what it counts.", "Fill item or unit."),
    Code("W529", "Far from the usual size",
         "The value is a hundred times the median of the same item (for days, of the column) and more, or a hundredth.",
         "Check the unit: a slip of kg and t, of single pieces and thousands. If it is meant, nothing."),
    Code("W530", "Date decades away",
         "The date is more than 40 years from the start of the programme.", "Check the year."),
    Code("W531", "Code of no country",
         "ISO 3166 has no country with these two letters.", "Correct the code; Great Britain is GB, Greece GR."),
    Code("W532", "Resource of another site",
         "The process runs at one site and loads a resource of another: capacity is taken, but no way, days or cost.",
         "If the way matters, load it in a process of its own at the other site, with lanes there and back."),
    Code("W533", "Milestone that nothing requires",
         "No row waits for the milestone, so that its date changes nothing.",
         "Name it in `requires` of what it opens, or in `after` of a milestone or option."),
    Code("W534", "Option without effect",
         "The option adds nothing, or cannot be in effect before the horizon ends.",
         "Add rows to option_capacity or name it in a column `option`; check its dates and delay."),
    Code("W535", "Milestone after the horizon",
         "The milestone is reached only after the plan ends; nothing that requires it is possible.",
         "Check durations and dates of the milestone and of those before it."),
    Code("W536", "Load of a milestone with a fixed date",
         "The plan does not place a milestone whose date is fixed, so that its load takes no capacity.",
         "Empty reached if the load matters, or lower the capacity by a calendar."),
    Code("W537", "Skill that cannot be counted",
         "Without the capacity of one person nobody can say how many people the load takes.",
         "Fill capacity_per_person."),
    Code("W601", "Change that skips empty cells",
         "Some cells that the line meets are empty, which stands for no number; they stay empty.",
         "If they should change too, set them."),
    Code("W543", "Stands in for nothing",
         "The item may stand in for the one that it replaces, but replaces none.",
         "Fill replaces, or empty stands_in."),
    Code("W571", "Delay of no stand-in",
         "Only a row with a fallback_rank stands in for others.", "Fill fallback_rank, or empty the delays."),
    Code("W551", "Not represented",
         "The frePPLe file says something that a programme cannot; the message says what was done instead.",
         "Check whether the plan depends on it."),
    Code("W552", "Represented in another way",
         "Something of the frePPLe file is written in another way, which may change the plan a little.",
         "Check that the message agrees with what you mean."),
    Code("W553", "Left out", "Rows of the frePPLe file are not taken over.", "Check that the plan can do without."),
)  # fmt: skip

CATALOGUE: dict[str, Code] = {
    entry.code: entry
    for entry in (*_FILES, *_CELLS, *_REFERENCES, *_LOGIC, *_AGREED, *_RISKS, *_DRILLS, *_SCENARIOS, *_WARNINGS)
}


_LONGEST = 600


def _readable(text: str) -> str:
    """Return a text cut to what can be read, with invisible characters made visible."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return cut if cut.isprintable() else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def problem(code: str, origin: Origin, message: str, *, seen: str = "", expected: str = "", hint: str = "") -> Problem:
    """Make a problem of a kind listed in the catalogue; what comes from a cell is cut to what can be read.

    Raises
    ------
    KeyError
        if the catalogue has no such code.
    """
    return Problem(
        code, CATALOGUE[code].severity, origin, _readable(message), _readable(seen), expected, _readable(hint)
    )
