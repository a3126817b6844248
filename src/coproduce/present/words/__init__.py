"""How results are put into words: numbers, dates, names and sentences that every presentation shares."""
