import { keyFindings } from './venue-self-checks.js';

const NOW = new Date('2026-11-22T00:00:00Z');
const RIGHT = {
  kind: 'rights',
  lacks: [],
  surplus: [],
  isOpenToAll: false,
  endsAt: null,
  untold: null,
} as const;

describe('what is wrong with a key at a venue', () => {
  const codes = (change: object) =>
    keyFindings('acme', { ...RIGHT, ...change }, NOW).map(({ code }) => code);

  it.each<[string, object, readonly string[]]>([
    ['nothing', {}, []],
    ['nothing, where the venue does not tell its addresses', { isOpenToAll: null }, []],
    ['a right that it needs', { lacks: ['Withdraw'] }, ['venue-key-lacks']],
    ['a right that it does not use', { surplus: ['Spot'] }, ['venue-key-surplus']],
    ['that it may be used from anywhere', { isOpenToAll: true }, ['venue-key-any-address']],
    ['that it ends', { endsAt: new Date('2026-12-01T00:00:00Z') }, ['venue-key-ends']],
    ['nothing while its end is far', { endsAt: new Date('2027-12-01T00:00:00Z') }, []],
  ])('%s', (_what, change, expected) => {
    expect(codes(change)).toEqual(expected);
  });
});
