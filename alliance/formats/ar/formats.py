"""Arabic with Latin digits: a point before decimals and a comma between thousands, as CLDR has it.

Django's point between thousands would turn 1.234 into a fraction for a reader of tables.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
