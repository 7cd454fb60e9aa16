"""People (人员) of the desk: their roles and rights, their sessions, the audit log."""
