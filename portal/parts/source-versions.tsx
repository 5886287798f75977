import { Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { segment } from '../api.ts';
import { at, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { textOfManifest } from '../manifest/manifest-text.ts';
import { useAnswer } from '../use-answer.ts';
import { AnswerView } from './answer-view.tsx';

/** What each version of a source was; a run and a batch name the version they used. */
export function SourceVersions(props: {
  readonly name: string;
  readonly latest: number;
}): ReactNode {
  const { t } = useSpeech();
  const [version, setVersion] = useState(props.latest);
  const { state, reload } = useAnswer(`/sources/${segment(props.name)}/versions/${version}`);
  const versions = Array.from({ length: props.latest }, (_, n) => props.latest - n);
  return (
    <div className="stack">
      <Select
        className="period-select"
        aria-label={t('Phiên bản', 'Version')}
        value={version}
        onChange={setVersion}
        options={versions.map((value) => ({
          value,
          label: `${t('Phiên bản', 'Version')} ${value}`,
        }))}
      />
      <AnswerView state={state} reload={reload}>
        {(answer) => (
          <>
            <code className="wrap">SHA-256 {textAt(answer, 'sha256')}</code>
            <pre className="code">{textOfManifest(at(answer, 'config') ?? {})}</pre>
          </>
        )}
      </AnswerView>
    </div>
  );
}
