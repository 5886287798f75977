import type { ControlStore } from '../control/port.ts';
import { unnamedHome, type HomeProfile } from '../core/home-profile.ts';
import { asJson, objectMember } from '../core/json-member.ts';

/** The home's profile as last configured; a nameless one before. */
export async function homeProfile(store: ControlStore): Promise<HomeProfile> {
  const row = await store.get('home', store.homeId);
  if (!row) return unnamedHome;
  return { ...unnamedHome, ...objectMember(row.data, 'profile') };
}

/** Journals a new profile. */
export async function recordProfile(
  store: ControlStore,
  profile: HomeProfile,
  actor = 'local',
): Promise<void> {
  await store.decide((journal) =>
    journal.record({
      kind: 'home.configured',
      subject: store.homeId,
      actor,
      data: { profile: asJson(profile) },
    }),
  );
}
