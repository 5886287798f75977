import type { ColumnContract } from '../core/stream-contract.ts';
import { datasetColumn, type Dataset } from './dataset.ts';
import type { ExtractFilter, ExtractMeasure, ExtractRequest } from './extract-request.ts';
import { canonicalValue, isNumeric } from './filter-value.ts';
import { isOpen, offered } from './offered.ts';
import { refused, type Refusal } from './refusal.ts';

/** A request checked against its dataset: only known columns, allowed shapes. */
export interface ExtractPlan {
  readonly dataset: Dataset;
  readonly request: ExtractRequest;
  readonly kind: 'rows' | 'aggregate';
  /** Output columns in order: plain columns or group columns. */
  readonly columns: readonly ColumnContract[];
  readonly measures: readonly PlannedMeasure[];
  readonly filters: readonly PlannedFilter[];
  /** Smallest number of units a cell may have; null when the dataset has no protected subject. */
  readonly minimumFrequency: number | null;
}

/** A condition with its column and its values as texts of that column's type. */
export interface PlannedFilter {
  readonly column: ColumnContract;
  readonly op: ExtractFilter['op'];
  readonly values: readonly string[];
}

/** A measure with the name it gets in the file. */
export interface PlannedMeasure extends ExtractMeasure {
  readonly name: string;
  readonly source: ColumnContract;
}

/**
 * Checks a request against its dataset, all problems together. A dataset about persons or enterprises leaves only as
 * counts of its units with a minimum frequency; whatever would need more control is refused.
 * Throws data `extract-refused`-family errors.
 */
export function planExtract(
  request: ExtractRequest,
  dataset: Dataset,
  minimumFrequency: number,
): ExtractPlan {
  const refusals = [
    ...unknownColumns(request, dataset),
    ...shapeProblems(request),
    ...filterProblems(request, dataset),
    ...protectionProblems(request, dataset),
  ];
  const [first, ...others] = refusals;
  if (first) throw refused([first, ...others]);
  const aggregate = request.measures.length > 0;
  return {
    dataset,
    request,
    kind: aggregate ? 'aggregate' : 'rows',
    columns: (aggregate ? request.groupBy : request.columns).flatMap(
      (name) => datasetColumn(dataset, name) ?? [],
    ),
    measures: request.measures.flatMap((measure) => planMeasure(measure, dataset)),
    filters: request.filters.flatMap((filter) => planFilter(filter, dataset) ?? []),
    minimumFrequency: dataset.protected ? minimumFrequency : null,
  };
}

function planMeasure(measure: ExtractMeasure, dataset: Dataset): readonly PlannedMeasure[] {
  const source = datasetColumn(dataset, measure.column);
  return source ? [{ ...measure, source, name: measureName(measure) }] : [];
}

/** A condition as its column understands it; undefined where a value does not fit column or operator. */
export function planFilter(filter: ExtractFilter, dataset: Dataset): PlannedFilter | undefined {
  const column = datasetColumn(dataset, filter.column);
  if (!column || !hasShape(filter)) return undefined;
  const written = valueList(filter);
  const values = written.flatMap((value) => canonicalValue(value, column.type) ?? []);
  return values.length === written.length ? { column, op: filter.op, values } : undefined;
}

function valueList({ value }: ExtractFilter) {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function unknownColumns(request: ExtractRequest, dataset: Dataset): readonly Refusal[] {
  const named = [
    ...request.columns,
    ...request.groupBy,
    ...request.filters.map(({ column }) => column),
    ...request.measures.map(({ column }) => column),
  ];
  const unknown = [...new Set(named)].filter((name) => !datasetColumn(dataset, name));
  return unknown.map((name) => ({
    code: 'column-unknown',
    vi: `Bộ dữ liệu ${dataset.key} không có cột “${name}”.`,
    en: `Dataset ${dataset.key} has no column “${name}”.`,
  }));
}

function shapeProblems(request: ExtractRequest): readonly Refusal[] {
  const aggregate = request.measures.length > 0;
  const problems: Refusal[] = [];
  if (aggregate && request.columns.length > 0) {
    problems.push({
      code: 'shape-mixed',
      vi: 'Yêu cầu có cả “columns” và “measures”: chọn một trong hai.',
      en: 'The request has both “columns” and “measures”: choose one.',
    });
  }
  if (!aggregate && request.columns.length === 0) {
    problems.push({
      code: 'shape-empty',
      vi: 'Yêu cầu không nêu cột hay chỉ tiêu nào.',
      en: 'The request names no column and no measure.',
    });
  }
  const repeated = outputNames(request).find((name, index, all) => all.indexOf(name) < index);
  if (repeated !== undefined) {
    problems.push({
      code: 'shape-repeated',
      vi: `Cột “${repeated}” được nêu hai lần.`,
      en: `Column “${repeated}” is named twice.`,
    });
  }
  return problems;
}

/** Names of the columns in the file, without marks. */
function outputNames({ columns, groupBy, measures }: ExtractRequest): readonly string[] {
  return [...columns, ...groupBy, ...measures.map(measureName)];
}

function measureName({ column, fn }: ExtractMeasure): string {
  return `${column}_${fn}`;
}

function filterProblems(request: ExtractRequest, dataset: Dataset): readonly Refusal[] {
  const filters = request.filters
    .filter(({ column }) => datasetColumn(dataset, column))
    .filter((filter) => !planFilter(filter, dataset))
    .map(({ column, op }) => ({
      code: 'filter-invalid',
      vi: `Điều kiện ${op} trên “${column}” có giá trị không phù hợp.`,
      en: `Condition ${op} on “${column}” has an unfit value.`,
    }));
  const measures = request.measures
    .filter(
      ({ fn, column }) =>
        needsNumber(fn) && !isNumeric(datasetColumn(dataset, column)?.type ?? 'bigint'),
    )
    .map(({ fn, column }) => ({
      code: 'measure-invalid',
      vi: `Không tính được ${fn} trên cột “${column}” vì không phải số.`,
      en: `Cannot take ${fn} of column “${column}”: it is not a number.`,
    }));
  return [...filters, ...measures];
}

function needsNumber(fn: ExtractMeasure['fn']): boolean {
  return fn === 'sum' || fn === 'avg';
}

function hasShape({ op, value }: ExtractFilter): boolean {
  if (op === 'null') return value === undefined;
  if (op === 'in') return Array.isArray(value) && value.length > 0;
  if (op === 'between') return Array.isArray(value) && value.length === 2;
  return value !== undefined && !Array.isArray(value);
}

function protectionProblems(request: ExtractRequest, dataset: Dataset): readonly Refusal[] {
  const { protected: protection } = dataset;
  if (!protection) return personalColumns(request, dataset);
  if (protection.unitColumn === undefined) return [unitsUnknown(dataset)];
  if (request.measures.length === 0) return [rowsRefused(dataset)];
  const { measures, dimensions } = offered(dataset);
  const isOffered = ({ fn, column }: ExtractMeasure) =>
    measures.some((one) => one.fn === fn && one.column === column);
  const personal = personalColumns(request, dataset);
  return [
    ...request.measures
      .filter(({ column }) => datasetColumn(dataset, column))
      .filter((measure) => !isOffered(measure))
      .map((measure) => uncontrolled(measure, measures)),
    ...personal,
    ...(personal.length > 0 ? [] : fineColumns(request, dataset, dimensions)),
  ];
}

/** Sums and extremes would need dominance rules; a count of another column is a hidden filter on its missing values. */
function uncontrolled({ fn, column }: ExtractMeasure, offers: readonly ExtractMeasure[]): Refusal {
  const list = offers.map((one) => `${one.fn}(${one.column})`).join(', ');
  return {
    code: 'disclosure-needs-dominance',
    vi: `${fn}(${column}) cần kiểm soát tiết lộ chưa được hỗ trợ; chỉ xuất được ${list}.`,
    en: `${fn}(${column}) would need disclosure control that is not offered; only ${list} leave.`,
  };
}

function rowsRefused(dataset: Dataset): Refusal {
  return {
    code: 'disclosure-rows-refused',
    vi: `${dataset.key} chứa dữ liệu từng đối tượng: chỉ được kết xuất số tổng hợp.`,
    en: `${dataset.key} is about single subjects: it leaves only as aggregates.`,
  };
}

/** Its small figures cannot be told from its large ones, and they would open cells suppressed elsewhere (K17). */
function unitsUnknown(dataset: Dataset): Refusal {
  return {
    code: 'disclosure-units-unknown',
    vi: `${dataset.key} là số đã cộng từ dữ liệu cá nhân hoặc doanh nghiệp, không còn biết mỗi ô có bao nhiêu đối tượng, nên không kết xuất được; hãy dùng báo cáo đã phát hành hoặc bộ dữ liệu gốc của nó.`,
    en: `${dataset.key} holds sums over persons or enterprises, and how many stand behind a cell is no longer known: it cannot leave; use the issued report or the dataset it is made from.`,
  };
}

/** Single cases, exact times and amounts would cut a table down to single subjects. */
function fineColumns(
  request: ExtractRequest,
  dataset: Dataset,
  dimensions: readonly string[],
): readonly Refusal[] {
  const used = [...request.groupBy, ...request.filters.map(({ column }) => column)];
  return [...new Set(used)]
    .filter((name) => datasetColumn(dataset, name) && !dimensions.includes(name))
    .map((name) => ({
      code: 'disclosure-fine-column',
      vi: `Cột “${name}” quá chi tiết để gộp nhóm hay lọc theo; được dùng: ${dimensions.join(', ')}.`,
      en: `Column “${name}” is too fine to group or filter by; use: ${dimensions.join(', ')}.`,
    }));
}

/** Personal and sensitive columns are never output, grouped or filtered by, and never the value of a measure. */
function personalColumns(request: ExtractRequest, dataset: Dataset): readonly Refusal[] {
  const measured = dataset.protected ? [] : request.measures.map(({ column }) => column);
  const used = [
    ...request.columns,
    ...request.groupBy,
    ...request.filters.map(({ column }) => column),
    ...measured,
  ];
  return [...new Set(used)]
    .filter((name) => {
      const column = datasetColumn(dataset, name);
      return column && !isOpen(column);
    })
    .map((name) => ({
      code: 'disclosure-personal-column',
      vi: `Cột “${name}” định danh đối tượng, không được kết xuất, gộp nhóm hay lọc theo.`,
      en: `Column “${name}” identifies subjects: it cannot be output, grouped or filtered by.`,
    }));
}
