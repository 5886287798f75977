import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { at } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { useAnswer } from '../use-answer.ts';

/** Nobody approves what they asked for themselves. */
export function AnotherPerson(): ReactNode {
  const { t } = useSpeech();
  return (
    <Alert
      type="info"
      showIcon
      title={t(
        'Bạn là người lập yêu cầu này: cần một người khác phê duyệt.',
        'You made this request yourself: another person must approve it.',
      )}
    />
  );
}

/** Whether the home is one person's, where rules that need a second person are off. */
export function useSolo(): boolean {
  const { state } = useAnswer('/home');
  return state.kind === 'answered' && at(state.answer, 'solo') === true;
}
