"""How words are compared: English endings and Arabic ones, and no word too common to be asked for.

The words come folded (`commitments.search.searchable`): Latin ones without accents, so that the
parser sees ASCII, and everything else as it is; Arabic endings are those of Arabic letters alone.
"""

from django.db import migrations

CREATE = """
CREATE TEXT SEARCH DICTIONARY register_english (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH DICTIONARY register_arabic (TEMPLATE = snowball, LANGUAGE = arabic);
CREATE TEXT SEARCH CONFIGURATION register (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION register ALTER MAPPING FOR asciiword WITH register_english;
ALTER TEXT SEARCH CONFIGURATION register ALTER MAPPING FOR word WITH register_arabic;
"""
DROP = """
DROP TEXT SEARCH CONFIGURATION register;
DROP TEXT SEARCH DICTIONARY register_arabic;
DROP TEXT SEARCH DICTIONARY register_english;
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0002_obligation_view")]

    operations = [migrations.RunSQL(CREATE, DROP)]
