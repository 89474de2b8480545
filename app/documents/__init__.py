"""Bytes: workbooks, certificates, proof files. Values in, bytes out; no database, no request."""
