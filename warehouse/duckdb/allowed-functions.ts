/**
 * Functions a person's query may call: pure, over values of the query itself. Left out on purpose: everything that
 * reads files, settings, variables, the catalog, the session or a clock other than the transaction's; everything that
 * runs SQL from text; and those that make a large value from a small one (`repeat`, `lpad`, `rpad`, scalar `range`).
 */
const names = `
  + - * / // % ^ ** ! & | << >> ~ || = <> < > <= >= ^@ -> ->>
  ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape
  add subtract multiply divide mod fmod
  abs ceil ceiling floor round round_even trunc sign sqrt cbrt exp ln log log10 log2 pow power pi greatest least
  gcd lcm isnan isinf isfinite even bit_count xor
  coalesce nullif if ifnull constant_or_null
  lower upper lcase ucase length len char_length character_length strlen trim ltrim rtrim left right reverse
  substr substring position strpos instr contains starts_with ends_with prefix suffix
  replace translate split_part string_split str_split string_to_array concat concat_ws
  regexp_matches regexp_full_match regexp_extract regexp_replace regexp_escape
  strip_accents nfc_normalize ascii chr unicode ord levenshtein damerau_levenshtein jaro_similarity
  jaro_winkler_similarity jaccard hamming md5 sha1 sha256 hash hex to_hex format_bytes
  year quarter month week weekofyear day dayofmonth dayofweek isodow dayofyear hour minute second millisecond
  isoyear yearweek weekday monthname dayname century decade last_day era epoch epoch_ms epoch_us
  date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add age make_date make_timestamp
  make_time strftime strptime try_strptime timezone time_bucket to_days to_months to_years to_weeks to_hours
  to_minutes to_seconds to_timestamp days_in_month julian
  current_date today now get_current_timestamp current_localtimestamp current_timestamp
  count count_star count_if countif sum sum_no_overflow avg mean min max median mode mad any_value arbitrary first last
  stddev stddev_pop stddev_samp variance var_pop var_samp covar_pop covar_samp corr skewness kurtosis
  regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
  quantile quantile_cont quantile_disc approx_quantile approx_count_distinct entropy product geomean geometric_mean
  arg_max arg_min argmax argmin max_by min_by bool_and bool_or bit_and bit_or bit_xor
  string_agg group_concat listagg list array_agg histogram
  row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead first_value last_value nth_value
  list_value list_extract list_element list_contains list_sort list_distinct list_count list_sum list_min list_max
  list_avg list_aggregate list_aggr list_slice list_transform list_filter list_apply list_concat list_has list_position
  array_extract array_slice array_length array_contains unnest struct_extract struct_pack row map map_extract map_keys
  map_values element_at cardinality array_to_string
  json json_extract json_extract_string json_extract_path json_extract_path_text json_array_length json_keys json_type
  json_valid json_exists json_value json_contains to_json
  typeof grouping grouping_id formatreadablesize`;

/** Functions of the SELECT list and predicates, lower case. */
export const allowedFunctions: ReadonlySet<string> = new Set(names.trim().split(/\s+/));

/** Functions of the FROM clause. */
export const allowedTableFunctions: ReadonlySet<string> = new Set([
  'generate_series',
  'range',
  'unnest',
]);
