import { currentTerms, isNewest, versionsOf } from './versions-of.js';

const VERSIONS = [
  { currency: 'USDT', version: 1, state: 'over' },
  { currency: 'USDT', version: 2, state: 'in_force' },
  { currency: 'USDT', version: 3, state: 'coming' },
  { currency: 'USDC', version: 0, state: 'in_force' },
].map((version) => ({
  network: 'ETH',
  effective_at: null,
  recorded_at: null,
  requested_by: null,
  approved_by: null,
  ...version,
})) as readonly (Parameters<typeof versionsOf>[0][number] & { state: 'over' })[];

describe('versions of terms', () => {
  it('apply now or later, and are found by a part of the asset', () => {
    expect(currentTerms(VERSIONS, 'usdt').map(({ version }) => version)).toEqual([2, 3]);
    expect(currentTerms(VERSIONS, '')).toHaveLength(3);
  });

  it('of one asset are shown with the newest first', () =>
    expect(versionsOf(VERSIONS, 'USDT.ETH').map(({ version }) => version)).toEqual([3, 2, 1]));

  it('are followed after the newest of the same asset', () =>
    expect(VERSIONS.map((version) => isNewest(version, VERSIONS))).toEqual([
      false,
      false,
      true,
      true,
    ]));
});
