"""The population check of whole files: the answers of `linkage.verdict`, for millions of records at once.

DuckDB joins the numbers and names the frequent kinds set by set; what its statements do not name goes through the
kinds of the record-by-record check, once for each distinct pair of values. The verdict itself is computed once for each
distinct combination of kinds, by the code that judges single records.
"""
