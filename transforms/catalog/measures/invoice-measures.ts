import type { Measure } from '../fact-measure.ts';

const fact = 'mart.invoice_revenue';

function money(name: string, column: string, vi: string, en: string): Measure {
  return {
    name,
    fact,
    aggregate: { kind: 'sum', column },
    where: 'is_counted',
    unit: 'VND',
    label: { vi, en },
    formula: {
      vi: 'tổng theo hóa đơn được tính (trạng thái 1, 2, 3, 5) và bảng tổng hợp 400, quy ra đồng',
      en: 'sum over counted invoices (states 1, 2, 3, 5) and 400 summaries, in VND',
    },
  };
}

function invoices(name: string, where: string, vi: string, en: string): Measure {
  const own = `source_kind = 'invoice' and ${where}`;
  const formula = {
    vi: `đếm hóa đơn: ${vi.toLowerCase()}`,
    en: `count of invoices: ${en.toLowerCase()}`,
  };
  return {
    name,
    fact,
    aggregate: { kind: 'count' },
    where: own,
    unit: 'invoice',
    label: { vi, en },
    formula,
  };
}

/**
 * Figures of B3, over `mart.invoice_revenue`. The period is the filter's: `issue_date` or `issue_month` for the
 * cash-book view, `restated_date` or `restated_month` for the restated one; the report names the view it used.
 */
export const invoiceMeasures = {
  revenue: money('revenue', 'revenue', 'Doanh thu chưa thuế', 'Revenue before tax'),
  tax: money('tax', 'tax', 'Thuế GTGT', 'VAT'),
  total: money('total', 'total', 'Tổng thanh toán', 'Grand total'),
  invoices: invoices('invoices', 'is_counted', 'Số hóa đơn', 'Invoices'),
  replacements: invoices('replacements', 'is_replacement', 'HĐ thay thế', 'Replacements'),
  adjustments: invoices('adjustments', 'is_adjustment', 'HĐ điều chỉnh', 'Adjustments'),
  cancelled: invoices('cancelled', 'is_cancelled', 'HĐ hủy', 'Cancelled'),
  adjustmentDelta: {
    ...money('adjustment_delta', 'revenue', 'Δ điều chỉnh', 'Δ of adjustments'),
    where: 'is_counted and is_adjustment',
  },
  sellers: {
    name: 'sellers',
    fact,
    aggregate: { kind: 'count-distinct', column: 'seller_mst' },
    where: 'is_counted',
    unit: 'enterprise',
    label: { vi: 'Số người bán', en: 'Sellers' },
    formula: { vi: 'đếm MST người bán khác nhau', en: 'count of distinct seller tax codes' },
  },
} as const satisfies Readonly<Record<string, Measure>>;
