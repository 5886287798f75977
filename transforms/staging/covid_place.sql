/* ---
asset: staging.covid_place
label: { vi: 'Nơi trong số liệu COVID-19', en: 'Places in the COVID-19 figures' }
description: { vi: 'Mỗi nơi, địa bàn tương ứng và khoảng ngày có số liệu.', en: 'Each place, the area it stands for, and the days for which there are figures.' }
owner: IOC
grain: { vi: 'một nơi', en: 'one place' }
columns:
  - { name: place_key, type: varchar, label: { vi: 'Nơi', en: 'Place' }, classification: public }
  - { name: country, type: varchar, label: { vi: 'Quốc gia', en: 'Country' }, classification: public }
  - { name: province, type: varchar, label: { vi: 'Tỉnh, bang', en: 'Province' }, classification: public }
  - { name: district, type: varchar, label: { vi: 'Đơn vị cấp dưới', en: 'Lower unit' }, classification: public }
  - { name: commune_code, type: varchar, label: { vi: 'Mã xã', en: 'Commune' }, classification: public }
  - { name: current_commune_code, type: varchar, label: { vi: 'Mã xã hiện nay', en: 'Commune today' }, classification: public }
  - { name: first_day, type: date, label: { vi: 'Ngày đầu có số liệu', en: 'First day' }, classification: public }
  - { name: last_day, type: date, label: { vi: 'Ngày cuối có số liệu', en: 'Last day' }, classification: public }
  - { name: days, type: bigint, label: { vi: 'Số ngày có số liệu', en: 'Days with figures' }, unit: day, classification: public }
key: [place_key]
provenance:
  - { asset: staging.covid_daily, on: { place_key: place_key } }
--- */
select place_key,
  max(country) as country, max(province) as province, max(district) as district,
  max(commune_code) as commune_code, max(current_commune_code) as current_commune_code,
  min(report_date) as first_day, max(report_date) as last_day, count(*) as days
from staging.covid_daily
group by place_key
