"""Statistics: tables of kept counts, with their definitions, charts, exports and the lists behind them.

A statistic is a function from what is asked (`asked.py`) to a Table (`table.py`); pages, exports and
snapshots know tables alone. The counts are kept by app/security/counts.py.
"""
