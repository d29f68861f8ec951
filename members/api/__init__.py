"""What every address of the API has in common: parameters, pages, errors, freshness, schema."""
