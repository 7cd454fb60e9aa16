"""The seats that next week needs (排班测算), from the hotline's own records."""
