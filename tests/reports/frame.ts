import type { DocumentFrame } from '../../reports/compose-document.ts';
import { unnamedHome } from '../../core/home-profile.ts';

/** A frame for documents under test. */
export const frame: DocumentFrame = {
  profile: { ...unnamedHome, simulated: true },
  reference: 'edition:test/2026/v1',
  number: 1,
  shortCode: '0123ABCD',
  verifyUrl: 'http://127.0.0.1:8080/v/0123ABCD',
  date: '2026-11-16',
  createdAt: '2026-11-16T01:00:00.000Z',
  completeness: [],
  corrects: null,
};
