"""Tables that people bring: text in any common dialect, or Parquet, read with DuckDB."""
