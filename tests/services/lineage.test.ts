import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textMember } from '../../core/json-member.ts';
import {
  lineageGraph,
  lineageJobs,
  type LineageDependencies,
} from '../../services/lineage-services.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import { loadedStreams } from '../transforms/loaded-streams.ts';
import { openTestWarehouse, type TestWarehouse } from '../warehouse/open-test-warehouse.ts';

const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
const spec = fileURLToPath(new URL('../../../shared/data/openlineage/spec', import.meta.url));
let home: TestWarehouse;
let deps: LineageDependencies;

beforeAll(async () => {
  home = await openTestWarehouse();
  const { warehouse } = home;
  const packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  const catalog = await loadCatalog({
    directory: transforms,
    tablesOf: (sql) => warehouse.tablesOf(sql),
  });
  const contracts = [...packs.map(({ contract }) => contract), ...loadedStreams];
  deps = {
    warehouse,
    catalog,
    namespace: 'phusa://test',
    contracts: () =>
      Promise.resolve(contracts.map((contract) => ({ contract, source: 's', owner: 'IOC' }))),
  };
});
afterAll(() => home.remove());

/** Where the values of a column come from: tables that sources fill, and use, sorted. */
async function valuesOf(ref: string): Promise<readonly string[]> {
  const { edges } = await lineageGraph(deps, ref, 'up');
  return edges
    .filter((edge) => textMember(edge, 'to') === ref && values.has(textMember(edge, 'use')))
    .map((edge) => `${textMember(edge, 'from')} ${textMember(edge, 'use')}`)
    .sort();
}

const values = new Set(['identity', 'transformation', 'aggregation']);

describe('lineage of columns', () => {
  const t = 'transformation';
  const a = 'aggregation';
  const i = 'identity';
  const clock = 'staging.dossier_clock';
  const expected: Readonly<Record<string, readonly string[]>> = {
    'mart.dossier_period.period_id': [`staging.reporting_period.period_id ${i}`],
    'mart.dossier_period.dossier_code': [`${clock}.dossier_code ${i}`],
    'mart.dossier_period.judged_at': [
      `staging.dossier.updated_at ${a}`,
      `staging.reporting_period.last_day ${t}`,
    ],
    'mart.dossier_period.is_carried_over': [
      `${clock}.received_at ${t}`,
      `staging.reporting_period.first_day ${t}`,
    ],
    'mart.dossier_period.is_received': [
      `${clock}.received_at ${t}`,
      `staging.reporting_period.first_day ${t}`,
    ],
    'mart.dossier_period.outcome': [`${clock}.outcome ${t}`],
    'mart.dossier_period.due_at': [
      `${clock}.base_due_at ${t}`,
      `${clock}.due_at ${t}`,
      `staging.dossier_pause.paused_at ${a}`,
      `staging.dossier_pause.resumed_at ${a}`,
    ],
    'mart.dossier_period.supplement_count': [`${clock}.supplement_count ${t}`],
    'mart.dossier_period.applicant_code': [`staging.dossier.owner_id_number ${t}`],
    'mart.dossier_period.current_commune_code': [`staging.area_current.current_code ${i}`],
    'mart.dossier_period.bears_fee': [`staging.dossier_fee.amount ${a}`],
    'mart.dossier_period.commune_code': [`${clock}.commune_code ${i}`],
    'mart.dossier_period.in_denominator': [],
    'mart.invoice_revenue.seller_mst': [
      `staging.invoice.seller_mst ${i}`,
      `staging.invoice_summary.seller_mst ${i}`,
    ],
    'mart.invoice_revenue.series': [
      `staging.invoice.series ${i}`,
      `staging.invoice_summary.summary_no ${i}`,
    ],
    'mart.invoice_revenue.restated_month': [
      `staging.invoice.issue_date ${t}`,
      `staging.invoice_state.original_issue_date ${t}`,
      `staging.invoice_summary.invoice_date ${t}`,
      `staging.invoice_summary.period_start ${t}`,
    ],
    'mart.invoice_revenue.revenue': [
      `staging.invoice.exchange_rate ${t}`,
      `staging.invoice.total ${t}`,
      `staging.invoice.total_before_tax ${t}`,
      `staging.invoice_summary.amount ${t}`,
    ],
    'mart.invoice_revenue.commune_code': [`dim.taxpayer.commune_code ${t}`],
    'mart.invoice_revenue.place_source': [],
    'mart.epidemic_week.commune_name': [`staging.area_current.full_name ${i}`],
    'mart.epidemic_week.new_cases': [`staging.covid_daily.confirmed_change ${a}`],
    'mart.epidemic_week.cumulative_cases': [`staging.covid_daily.confirmed ${t}`],
    'mart.epidemic_week.days_reported': [`staging.covid_daily.report_date ${a}`],
    'mart.epidemic_week.population': [`dim.population.population ${t}`],
  };
  it.each(Object.entries(expected))(
    '%s is made of what a person reads in the SQL',
    async (ref, values) => {
      expect(await valuesOf(ref)).toEqual(values);
    },
  );

  it('a column is followed to the tables that sources fill, and down to what is printed', async () => {
    const up = await lineageGraph(deps, 'mart.dossier_period.due_at', 'up');
    expect(up.nodes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['staging.dossier.due_at', 'staging.dossier_step.processed_at']),
    );
    const down = await lineageGraph(deps, 'staging.dossier.received_at', 'down');
    expect(down.nodes.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'staging.dossier_clock.received_at',
        'staging.dossier_clock.outcome',
      ]),
    );
  });

  it('what is not there is told', async () => {
    await expect(lineageGraph(deps, 'mart.nothing', 'up')).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(lineageGraph(deps, 'staging.dossier.nothing', 'up')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('lineage as OpenLineage', () => {
  const events = () => lineageJobs(deps, 'mart.dossier_rank', 'up', '2026-11-22T00:00:00Z');

  it('has one job event an asset, with schema and column lineage of its output', async () => {
    const jobs = await events();
    expect(jobs.length).toBeGreaterThan(3);
    for (const { outputs } of jobs) {
      expect(outputs).toMatchObject([
        { namespace: 'phusa://test', facets: { columnLineage: { dataset: {} } } },
      ]);
    }
  });

  it.skipIf(!existsSync(spec))(
    "L25: every event is valid by the specification's own schemas",
    async () => {
      const ajv = new Ajv2020({ strict: false, allErrors: true });
      formats.default(ajv);
      for (const file of [
        'OpenLineage.json',
        ...readdirSync(`${spec}/facets`).map((f) => `facets/${f}`),
      ])
        ajv.addSchema(JSON.parse(readFileSync(`${spec}/${file}`, 'utf8')) as object);
      const check = (ref: string, value: unknown) => {
        const valid = ajv.validate({ $ref: ref }, value);
        expect(valid ? [] : ajv.errors, ref).toEqual([]);
      };
      for (const event of await events()) {
        check('https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent', event);
        for (const facet of facetsOf(event)) check(facet._schemaURL, facet);
      }
    },
  );
});

interface Facet {
  readonly _schemaURL: string;
}

/** Every facet inside an event. */
function facetsOf(value: unknown): readonly Facet[] {
  if (Array.isArray(value)) return value.flatMap(facetsOf);
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(facetsOf);
  return isFacet(value) ? [value, ...inner] : inner;
}

function isFacet(value: object): value is Facet {
  return '_schemaURL' in value;
}
