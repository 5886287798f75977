import { at, isFacts } from '../facts.ts';

/** The frozen document tree of an edition, as far as the portal draws it. */
export interface ReportDocument {
  readonly title: string;
  readonly subject: string;
  readonly letterhead: {
    readonly parentAgency: string | null;
    readonly agency: string;
    readonly number: string | null;
    readonly sign: string;
    readonly place: string;
    readonly date: string | null;
  };
  readonly addressees: readonly string[];
  readonly legalBasis: readonly string[];
  readonly sections: readonly Section[];
  readonly signature: {
    readonly authority: readonly string[];
    readonly title: string;
    readonly name: string | null;
  };
  readonly recipients: readonly string[];
  readonly banners: readonly { readonly kind: string; readonly text: string }[];
}

export interface Section {
  readonly orientation: 'portrait' | 'landscape';
  readonly annex?: { readonly label: string; readonly title: string };
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'notes'; readonly items: readonly (readonly Inline[])[] }
  | TableBlock
  | ChartBlock
  | MapBlock;

export interface Figure {
  readonly kind: 'figure';
  readonly ref: string;
  readonly value: string | null;
  readonly mark?: string;
  readonly threshold?: number;
  readonly format: { readonly decimals: number; readonly unit?: string; readonly sign?: boolean };
}

export type Inline =
  | Figure
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly bold?: boolean;
      readonly italic?: boolean;
    };

export type Cell = Inline | { readonly kind: string };

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly groups?: readonly string[];
  readonly unit?: string;
  readonly number?: string;
  readonly align?: 'left' | 'center' | 'right';
  readonly window?: { readonly from: string; readonly to: string };
}

export type Row =
  | { readonly kind: 'group'; readonly key: string; readonly label: string }
  | { readonly kind: 'data' | 'total'; readonly key: string; readonly cells: readonly Cell[] };

export interface TableBlock {
  readonly kind: 'table';
  readonly id: string;
  readonly title: string;
  readonly unitNote?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly checks?: readonly { readonly inlines: readonly Inline[]; readonly holds: boolean }[];
  readonly notes?: readonly (readonly Inline[])[];
}

interface Axis {
  readonly label: string;
  readonly decimals: number;
}

export interface Series {
  readonly name: string;
  readonly shape: 'bar' | 'line';
  readonly axis: 'left' | 'right';
  readonly points: readonly Figure[];
}

export interface ChartBlock {
  readonly kind: 'chart';
  readonly id: string;
  readonly title: string;
  readonly categories: readonly string[];
  readonly left: Axis;
  readonly right?: Axis;
  readonly series: readonly Series[];
}

export interface MapArea {
  readonly code: string;
  readonly shortName: string;
  readonly figure: Figure;
  readonly shape:
    | { readonly kind: 'tile'; readonly column: number; readonly row: number }
    | {
        readonly kind: 'polygon';
        readonly rings: readonly (readonly (readonly [number, number])[])[];
      };
}

export interface MapBlock {
  readonly kind: 'map';
  readonly id: string;
  readonly title: string;
  readonly legendTitle: string;
  readonly classes: readonly { readonly label: string; readonly upTo: string | null }[];
  readonly areas: readonly MapArea[];
  readonly note: string;
}

/** The document of an answer: itself, or its member `document`. The server has checked the tree when it was frozen. */
export function readDocument(answer: unknown): ReportDocument | undefined {
  const tree = isFacts(at(answer, 'document')) ? at(answer, 'document') : answer;
  return isDocument(tree) ? tree : undefined;
}

function isDocument(value: unknown): value is ReportDocument {
  return at(value, 'kind') === 'report' && Array.isArray(at(value, 'sections'));
}
