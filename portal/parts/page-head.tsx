import { Typography } from 'antd';
import type { ReactNode } from 'react';

/** Title of a page with what can be done there. */
export function PageHead(props: {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  return (
    <header className="page-head">
      <div>
        <Typography.Title level={3}>{props.title}</Typography.Title>
        {props.note !== undefined && (
          <Typography.Text type="secondary">{props.note}</Typography.Text>
        )}
      </div>
      <div className="page-actions">{props.actions}</div>
    </header>
  );
}
