"""The screens of administrators: people, rights, configuration rows, the audit trail."""
