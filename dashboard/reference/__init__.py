"""What words mean: contracts, codes, indicators, periods and the table that travels between rooms. Never reads the record."""
