import { Alert, Button, Empty, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ApiProblem, isSignedOut } from '../api.ts';
import { useSpeech } from '../language.tsx';
import type { AnswerState } from '../use-answer.ts';

/** Shows an answer in its every state: waiting, failed (with the remedy), there. */
export function AnswerView(props: {
  readonly state: AnswerState;
  readonly reload: () => void;
  readonly children: (answer: unknown) => ReactNode;
}): ReactNode {
  const { state, reload, children } = props;
  switch (state.kind) {
    case 'loading':
      return <Skeleton active paragraph={{ rows: 4 }} />;
    case 'failed':
      return <Problem error={state.error} retry={reload} />;
    case 'answered':
      return children(state.answer);
    default:
      return null;
  }
}

/** What went wrong and what to do. */
export function Problem(props: {
  readonly error: unknown;
  readonly retry?: () => void;
}): ReactNode {
  const { t } = useSpeech();
  const { error, retry } = props;
  const known = error instanceof ApiProblem;
  const message = known
    ? error.message
    : t('Không kết nối được tới máy chủ.', 'The server cannot be reached.');
  return (
    <Alert
      type={isSignedOut(error) ? 'warning' : 'error'}
      showIcon
      title={message}
      description={known ? error.remedy : undefined}
      action={
        retry && (
          <Button size="small" onClick={retry}>
            {t('Thử lại', 'Try again')}
          </Button>
        )
      }
    />
  );
}

/** Nothing there yet, and what brings it. */
export function Nothing({ hint }: { readonly hint: string }): ReactNode {
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={hint} />;
}
