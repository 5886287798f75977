/** The layout nodes of pdfmake that we use, as plain data. Lengths are in points. */

/** Left, top, right, bottom. */
export type Margins = readonly [number, number, number, number];

interface NodeStyle {
  readonly fontSize?: number;
  readonly bold?: boolean;
  readonly italics?: boolean;
  readonly alignment?: 'left' | 'center' | 'right' | 'justify';
  readonly margin?: Margins;
  readonly lineHeight?: number;
  readonly color?: string;
  readonly leadingIndent?: number;
  readonly noWrap?: boolean;
  readonly unbreakable?: boolean;
  readonly preserveLeadingSpaces?: boolean;
  readonly preserveTrailingSpaces?: boolean;
  readonly wordBreak?: 'break-all';
}

export interface TextNode extends NodeStyle {
  readonly text: string | readonly TextNode[];
}

interface StackNode extends NodeStyle {
  readonly stack: readonly PdfNode[];
}

interface ColumnsNode extends NodeStyle {
  readonly columns: readonly (PdfNode & { readonly width: number | '*' })[];
  readonly columnGap?: number;
}

interface CanvasNode extends NodeStyle {
  readonly canvas: readonly {
    readonly type: 'line';
    readonly x1: number;
    readonly y1: number;
    readonly x2: number;
    readonly y2: number;
    readonly lineWidth: number;
  }[];
}

interface SvgNode extends NodeStyle {
  readonly svg: string;
  readonly width: number;
}

/** A cell: content with spans; `{ text: '' }` stands where a span covers. */
export type TableCell = PdfNode & {
  readonly rowSpan?: number;
  readonly colSpan?: number;
  readonly fillColor?: string;
  /** Left, top, right, bottom. */
  readonly border?: readonly [boolean, boolean, boolean, boolean];
};

export interface TableLayout {
  readonly hLineWidth: (line: number) => number;
  readonly vLineWidth: () => number;
  readonly paddingLeft: () => number;
  readonly paddingRight: () => number;
  readonly paddingTop: () => number;
  readonly paddingBottom: () => number;
}

interface TableNode extends NodeStyle {
  readonly table: {
    readonly body: readonly (readonly TableCell[])[];
    readonly widths: readonly (number | '*')[];
    readonly heights?: (row: number) => number | 'auto';
    readonly headerRows?: number;
    readonly keepWithHeaderRows?: number;
    readonly dontBreakRows?: boolean;
  };
  readonly layout: TableLayout | 'noBorders';
}

export type PdfNode = TextNode | StackNode | ColumnsNode | CanvasNode | SvgNode | TableNode;

/** Makes the header or footer of a page, numbered from 1 over the whole file. */
export type PageDecoration = (page: number) => PdfNode | null;

/** Pages of one orientation. */
export interface SectionNode {
  readonly section: readonly PdfNode[];
  readonly pageOrientation: 'portrait' | 'landscape';
  readonly pageMargins: Margins;
  readonly header: PageDecoration;
  readonly footer: PageDecoration;
}

export interface PdfDefinition {
  readonly content: readonly SectionNode[];
  readonly pageSize: 'A4';
  readonly version: '1.7';
  readonly subset: 'PDF/A-3a';
  readonly tagged: true;
  readonly displayTitle: true;
  readonly language: string;
  readonly defaultStyle: NodeStyle & { readonly font: string };
  readonly info: Readonly<Record<string, string | Date>>;
}
