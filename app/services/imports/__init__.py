"""Workbooks of any model that declares `import`: template, trial run, import, the rows that failed.

A workbook is read and checked by a job; nothing but its own rows is written (staging.py). Somebody looks at
the result and lets it in; then another job writes all rows in one transaction (apply.py).
"""
