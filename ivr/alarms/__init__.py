"""Alarms (告警): rules, states, receivers."""
