"""Reports: the indicators that a city gives account of, from call records to table, spreadsheet and page. Pure."""
