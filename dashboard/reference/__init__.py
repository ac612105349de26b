"""What words mean: contracts, codes, indicators, periods, and the table between rooms. Never reads the record."""
