"""Which contract may be paid from which instrument: rules with their legal provision, evaluated as of a date."""
