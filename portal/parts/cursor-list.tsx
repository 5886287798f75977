import { Button, Table, type TableProps } from 'antd';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { ask, pageOf } from '../api.ts';
import { type Facts, isFacts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { Nothing, Problem } from './answer-view.tsx';

/** A list of the API that pages by cursor: more comes on demand. */
export function CursorList(props: {
  /** Path with its query, without cursor. */
  readonly path: string;
  readonly columns: TableProps<Facts>['columns'];
  readonly rowKey: string;
  readonly empty: string;
  readonly expandable?: TableProps<Facts>['expandable'];
}): ReactNode {
  const { path, columns, rowKey, empty, expandable } = props;
  const { t } = useSpeech();
  const list = useCursor(path);
  if (list.error !== undefined) return <Problem error={list.error} retry={list.more} />;
  return (
    <>
      <Table<Facts>
        size="small"
        loading={list.loading}
        columns={columns ?? []}
        dataSource={[...list.items]}
        rowKey={(row) => textAt(row, rowKey) ?? ''}
        pagination={false}
        locale={{ emptyText: list.loading ? ' ' : <Nothing hint={empty} /> }}
        scroll={{ x: 'max-content' }}
        {...(expandable ? { expandable } : {})}
      />
      {list.next !== undefined && (
        <Button className="more" onClick={list.more} loading={list.loading}>
          {t('Xem thêm', 'Show more')}
        </Button>
      )}
    </>
  );
}

interface Cursor {
  readonly items: readonly Facts[];
  readonly next: string | undefined;
  readonly loading: boolean;
  readonly error: unknown;
  readonly more: () => void;
}

function useCursor(path: string): Cursor {
  const [items, setItems] = useState<readonly Facts[]>([]);
  const [next, setNext] = useState<string>();
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>();
  const load = useCallback(
    async (after: string | undefined) => {
      setLoading(true);
      setError(undefined);
      try {
        const page = pageOf(await ask(withCursor(path, after)));
        const fresh = page.items.filter(isFacts);
        setItems((before) => (after === undefined ? fresh : [...before, ...fresh]));
        setNext(page.next);
      } catch (caught) {
        setError(caught);
      } finally {
        setLoading(false);
      }
    },
    [path],
  );
  useEffect(() => void load(undefined), [load]);
  return { items, next, loading, error, more: () => void load(next) };
}

function withCursor(path: string, after: string | undefined): string {
  if (after === undefined) return path;
  return `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;
}
