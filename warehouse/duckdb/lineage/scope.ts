import type { Json, JsonObject } from '../../../core/json.ts';
import type { TableColumns } from '../../column-lineage.ts';
import { nothing, type Origins } from './origins.ts';

/** Rows with named columns: a table, a subquery, a WITH clause. */
export interface Relation {
  /** What a SELECT calls it; empty where it has no name. */
  readonly name: string;
  readonly columns: readonly RelationColumn[];
  /** What decides about its rows. */
  readonly indirect: Origins;
  /** Its columns are not known (a table function): any name is made of this. */
  readonly open?: Origins;
}

/** A column of a relation. */
export interface RelationColumn {
  readonly name: string;
  readonly origins: Origins;
}

/** What the whole walk over one statement shares. */
export interface Walk {
  readonly tables: TableColumns;
  readonly aggregates: ReadonlySet<string>;
  readonly problem: (at: Json | undefined, words: string) => void;
  /** Reads a query node inside a scope; handed in so that expressions and queries can hold each other. */
  readonly query: (node: Json | undefined, outside: Scope) => Relation;
}

/** The names that an expression can see. */
export interface Scope {
  readonly walk: Walk;
  readonly relations: readonly Relation[];
  readonly withs: ReadonlyMap<string, Relation>;
  /** Columns that this SELECT has named so far: DuckDB lets later ones use them. */
  readonly named: readonly RelationColumn[];
  /** The SELECT around a correlated subquery. */
  readonly outer: Scope | undefined;
}

/** What a column reference means; says so to the walk where it means nothing. */
export function resolve(scope: Scope, node: JsonObject, path: readonly string[]): Origins {
  const found = lookUp(scope, path);
  if (found) return found;
  scope.walk.problem(node['query_location'], `unknown column ${path.join('.')}`);
  return nothing;
}

function lookUp(scope: Scope | undefined, path: readonly string[]): Origins | undefined {
  if (!scope) return undefined;
  return inRelations(scope, path) ?? inNamed(scope, path) ?? lookUp(scope.outer, path);
}

function inRelations({ relations }: Scope, path: readonly string[]): Origins | undefined {
  const name = path.at(-1) ?? '';
  const owner = path.at(-2);
  const meant = owner === undefined ? relations : relations.filter((one) => same(one.name, owner));
  const column = meant.flatMap(({ columns }) => columns).find((one) => same(one.name, name));
  return column?.origins ?? meant.find(({ open }) => open !== undefined)?.open;
}

function inNamed({ named }: Scope, path: readonly string[]): Origins | undefined {
  if (path.length > 1) return undefined;
  return named.find((one) => same(one.name, path[0] ?? ''))?.origins;
}

/** Names are equal in any letter case, as SQL has it. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
