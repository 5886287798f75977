import { Button, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useSpeech } from '../language.tsx';

/** Pausing a source, with the reason that its history keeps. */
export function PauseSource(props: {
  readonly busy: boolean;
  readonly pause: (reason: string) => void;
}): ReactNode {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const title = t('Lý do tạm dừng', 'Why it is paused');
  return (
    <>
      <Button loading={props.busy} onClick={() => setOpen(true)}>
        {t('Tạm dừng', 'Pause')}
      </Button>
      <Modal
        open={open}
        title={title}
        okText={t('Tạm dừng nguồn', 'Pause the source')}
        okButtonProps={{ disabled: reason.trim() === '' }}
        onCancel={() => setOpen(false)}
        onOk={() => {
          setOpen(false);
          props.pause(reason.trim());
        }}
      >
        <Input.TextArea
          aria-label={title}
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </Modal>
    </>
  );
}
