/** The import law of docs/architecture.md: arrows point one way, siblings never import each other. */
const to = (rooms) => rooms.map((room) => (room.endsWith('.ts') ? `^${room}$` : `^${room}/`));
const every =
  '^((core|control|net|connectors|warehouse|transforms|render|reports|extracts|trace|delivery|workflows|services|server|portal|cli|simulator|bench|home|bin)/|main\\.ts)';
/** A room and what it may import besides itself. */
const may = {
  core: [],
  control: ['core'],
  net: ['core'],
  warehouse: ['core'],
  render: ['core'],
  transforms: ['warehouse', 'control', 'core'],
  connectors: ['net', 'warehouse', 'core'],
  reports: ['transforms', 'render', 'warehouse', 'control', 'core'],
  extracts: ['transforms', 'render', 'warehouse', 'control', 'core'],
  trace: ['transforms', 'warehouse', 'control', 'core'],
  delivery: ['net', 'control', 'core'],
  workflows: [
    'reports',
    'extracts',
    'connectors',
    'trace',
    'delivery',
    'transforms',
    'warehouse',
    'control',
    'net',
    'core',
  ],
  services: [
    'workflows',
    'reports',
    'render',
    'extracts',
    'connectors',
    'trace',
    'transforms',
    'warehouse',
    'control',
    'core',
  ],
  /** The server knows what it offers, never who does it. */
  server: ['core', 'services/port\\.ts'],
  cli: ['core'],
  portal: [],
  simulator: [],
};
module.exports = {
  forbidden: [
    ...Object.entries(may).map(([room, rooms]) => ({
      name: `${room}-imports`,
      severity: 'error',
      from: { path: `^${room}/` },
      to: { path: every, pathNot: to([room, ...rooms]) },
    })),
    {
      name: 'one-engine-choice',
      comment:
        'Only main.ts picks an engine: rooms see the warehouse port, never duckdb/ or postgres/.',
      severity: 'error',
      from: { pathNot: '^(home/|warehouse/|tests/|bench/)' },
      to: { path: '^warehouse/(duckdb|postgres)/' },
    },
    {
      name: 'connectors-are-strangers',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/', pathNot: '^connectors/(decode|manifest)/' },
      to: { path: '^connectors/([^/]+)/', pathNot: '^connectors/($1|decode|manifest)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-render-writes-documents',
      severity: 'error',
      from: { path: every, pathNot: '^render/' },
      to: { path: 'node_modules/(pdfmake|exceljs|docx)/' },
    },
    {
      name: 'no-tests-in-product',
      severity: 'error',
      from: { path: every },
      to: { path: '^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|\\.phusa|coverage)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
