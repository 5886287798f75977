import type { ReactNode } from 'react';
import { segment } from '../api.ts';
import { at, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { textOfManifest } from '../manifest/manifest-text.ts';
import { AnswerView, Nothing } from '../parts/answer-view.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useAnswer } from '../use-answer.ts';
import { ManifestSource } from './source-manifest.tsx';

/** The next version of a declared source. */
export function SourceEditPage({ name }: { readonly name: string }): ReactNode {
  const { t } = useSpeech();
  const { state, reload } = useAnswer(`/sources/${segment(name)}`);
  return (
    <>
      <PageHead
        title={t(`Sửa nguồn ${name}`, `Edit ${name}`)}
        note={t(
          'Mỗi lần lưu là một phiên bản mới, phải chứng nhận và phê duyệt lại; dữ liệu đã nhận giữ phiên bản cũ.',
          'Each save is a new version, to be certified and approved again; data received keep theirs.',
        )}
      />
      <AnswerView state={state} reload={reload}>
        {(source) =>
          textAt(source, 'connector') === 'manifest' ? (
            <ManifestSource existing={name} text={textOfManifest(at(source, 'config'))} />
          ) : (
            <Nothing
              hint={t(
                'Nguồn này dùng bộ kết nối lập trình sẵn.',
                'This source uses a programmed connector.',
              )}
            />
          )
        }
      </AnswerView>
    </>
  );
}
