"""nianbao: figures, tables and problems of government information disclosure annual reports."""
