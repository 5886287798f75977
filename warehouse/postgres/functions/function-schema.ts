/** The schema of the functions that mean what DuckDB's of the same name mean. */
export const functionSchema = 'like_duckdb';
