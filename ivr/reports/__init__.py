"""Reports: the indicators of a city, from call records to table, spreadsheet and page. Pure."""
