import { at, factsAt, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';

/** What is to be done next with a source, in the portal's own words. */
export function useNextStep(): (source: unknown) => string {
  const { t, say } = useSpeech();
  return (source) => {
    if (factsAt(source, 'asks').length > 0)
      return t('Xem thay đổi, rồi chứng nhận lại', 'See the change, then certify again');
    switch (textAt(source, 'status') ?? '') {
      case 'draft':
        return t('Đọc thử, rồi chứng nhận', 'Read a sample, then certify');
      case 'certified':
        return t('Người thứ hai phê duyệt', 'A second person approves');
      case 'active':
        return at(source, 'lastRun') === undefined
          ? t('Nhận dữ liệu lần đầu', 'Read it for the first time')
          : t('Không cần làm gì', 'Nothing');
      case 'paused':
        return t('Cho chạy lại khi đã sẵn sàng', 'Resume when it is ready');
      default:
        return say(at(source, 'next'));
    }
  };
}
