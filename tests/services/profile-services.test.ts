import { expect, it } from 'vitest';
import { unnamedHome, type HomeProfile } from '../../core/home-profile.ts';
import { createProfileServices } from '../../services/profile-services.ts';
import { callOf } from '../extracts/extract-home.ts';

const admin = callOf('quan-tri', ['admin']);

function profileOf(): {
  readonly services: ReturnType<typeof createProfileServices>;
  readonly journal: (readonly [HomeProfile, string])[];
} {
  let profile: HomeProfile = { ...unnamedHome, solo: true };
  const journal: (readonly [HomeProfile, string])[] = [];
  const services = createProfileServices({
    profile: () => Promise.resolve(profile),
    configure: (next, actor) => {
      profile = next;
      journal.push([next, actor]);
      return Promise.resolve();
    },
  });
  return { services, journal };
}

it('changes the named members only, within the signature too, under the name of who did it', async () => {
  const { services, journal } = profileOf();
  await services.configure(admin, { agency: 'Trung tâm IOC', signature: { name: 'Lê Văn Tâm' } });
  const [[now, actor] = []] = journal;
  expect(actor).toBe('user:quan-tri');
  expect(now).toEqual({
    ...unnamedHome,
    solo: true,
    agency: 'Trung tâm IOC',
    signature: { ...unnamedHome.signature, name: 'Lê Văn Tâm' },
  });
  expect(await services.profile(admin)).toEqual(now);
});

it.each([
  [{ mailTo: ['không phải thư'] }, 'mailTo.0'],
  [{ province: 'Hải Phòng' }, 'province'],
  [{ sign: 'bc ioc' }, 'sign'],
  [{ agency: ' ' }, 'agency'],
  [{ signature: { rank: 'x' } }, 'signature'],
  [{ solo: false }, 'solo'],
])('refuses %j and names %s', async (given, place) => {
  const { services, journal } = profileOf();
  await expect(services.configure(admin, given)).rejects.toMatchObject({
    code: 'profile-wrong',
    message: expect.stringContaining(place) as string,
  });
  expect(journal).toEqual([]);
});
