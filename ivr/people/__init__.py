"""People (人员) who may sign in at the desk: their roles and rights, their sessions, the audit log."""
