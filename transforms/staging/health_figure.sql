/* ---
asset: staging.health_figure
label: { vi: 'Số liệu báo cáo y tế có tên', en: 'Reported health figures with names' }
description: { vi: 'Mỗi số liệu báo cáo (DHIS2) kèm tên chỉ số, tên đơn vị, tên phân tổ; chỉ những giá trị là số.', en: 'Each reported value (DHIS2) with the names of its indicator, unit and breakdown; numbers only.' }
owner: Sở Y tế
grain: { vi: 'một chỉ số của một đơn vị trong một kỳ và một phân tổ', en: 'one indicator of one unit in one period and breakdown' }
columns:
  - { name: indicator_id, type: varchar, label: { vi: 'Chỉ số', en: 'Indicator' }, classification: internal }
  - { name: indicator_name, type: varchar, label: { vi: 'Tên chỉ số', en: 'Name of the indicator' }, classification: public }
  - { name: aggregation_type, type: varchar, label: { vi: 'Cách tổng hợp', en: 'Aggregation' }, classification: public }
  - { name: unit_id, type: varchar, label: { vi: 'Đơn vị', en: 'Unit' }, classification: internal }
  - { name: unit_code, type: varchar, label: { vi: 'Mã đơn vị', en: 'Code of the unit' }, classification: public }
  - { name: unit_name, type: varchar, label: { vi: 'Tên đơn vị', en: 'Name of the unit' }, classification: public }
  - { name: unit_level, type: integer, label: { vi: 'Cấp', en: 'Level' }, classification: public }
  - { name: period_id, type: varchar, label: { vi: 'Kỳ', en: 'Period' }, classification: internal }
  - { name: period, type: varchar, label: { vi: 'Kỳ (cách ghi chung)', en: 'Period (our spelling)' }, classification: internal }
  - { name: starts_on, type: date, label: { vi: 'Từ ngày', en: 'Starts on' }, classification: internal }
  - { name: ends_on, type: date, label: { vi: 'Đến ngày', en: 'Ends on' }, classification: internal }
  - { name: breakdown, type: varchar, label: { vi: 'Phân tổ', en: 'Breakdown' }, classification: internal }
  - { name: breakdown_name, type: varchar, label: { vi: 'Tên phân tổ', en: 'Name of the breakdown' }, classification: public }
  - { name: attribute_breakdown, type: varchar, label: { vi: 'Tổ hợp thuộc tính', en: 'Attribute breakdown' }, classification: internal }
  - { name: disaggregation, type: varchar, label: { vi: 'Phân tổ (ADX)', en: 'Disaggregation (ADX)' }, classification: internal }
  - { name: value, type: 'decimal(38,12)', label: { vi: 'Giá trị', en: 'Value' }, classification: internal }
key: [indicator_id, unit_id, period_id, breakdown, attribute_breakdown, disaggregation]
provenance:
  - { asset: staging.health_value, on: { indicator_id: data_element, unit_id: org_unit, period_id: period_id, breakdown: category_option_combo, attribute_breakdown: attribute_option_combo, disaggregation: disaggregation } }
  - { asset: staging.health_data_element, on: { indicator_id: id } }
  - { asset: staging.health_org_unit, on: { unit_id: id } }
checks:
  - code: figure-twice
    severity: block
    label: { vi: 'Một số liệu có hai dòng', en: 'A figure has two rows' }
    remedy: { vi: 'Kiểm tra danh mục có mã trùng.', en: 'Check the lists for a repeated id.' }
    sql: select 'indicator_id' as field, concat(indicator_id, ' ', period_id, ' ', unit_id) as value from candidate group by indicator_id, unit_id, period_id, breakdown, attribute_breakdown, disaggregation having count(*) > 1 limit 100
  - code: figure-without-name
    severity: warn
    label: { vi: 'Số liệu có chỉ số hoặc đơn vị không có trong danh mục', en: 'Figures whose indicator or unit is not in the lists' }
    remedy: { vi: 'Đọc lại danh mục của DHIS2.', en: 'Read the lists of DHIS2 again.' }
    sql: select 'indicator_id' as field, concat(indicator_id, ' ', unit_id) as value from candidate where indicator_name is null or unit_name is null limit 100
--- */
select v.data_element as indicator_id, e.name as indicator_name, e.aggregation_type,
  v.org_unit as unit_id, u.code as unit_code, u.name as unit_name, u.level as unit_level,
  v.period_id, v.period, v.starts_on, v.ends_on,
  v.category_option_combo as breakdown, c.name as breakdown_name,
  v.attribute_option_combo as attribute_breakdown, v.disaggregation,
  v.value_number as value
from staging.health_value v
left join staging.health_data_element e on e.id = v.data_element
left join staging.health_org_unit u on u.id = v.org_unit
left join staging.health_category_option_combo c on c.id = v.category_option_combo
where v.value_number is not null
