/* ---
asset: mart.broken
label: { vi: a, en: a }
description: { vi: a, en: a }
owner: IOC
grain: { vi: a, en: a }
columns:
  - { name: n, type: bigint, label: { vi: n, en: n }, classification: public }
key: [n]
provenance: []
--- */
select from where
