import {
  decidePermit,
  isRecent,
  textOfCover,
  type OpenFinding,
  type OwnWork,
  type PermitState,
} from './decide-permit.js';

const NOW = new Date('2026-11-26T08:00:00.000Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const RENEWAL_MS = 20_000;
const ALL = { granted: true, withheld: { assets: [], accounts: [] } };
const WITHDRAWN = { granted: false, withheld: { assets: [], accounts: [] } };

const STATE: PermitState = {
  venue: 'gateio',
  now: NOW,
  followed_through: ago(3_000),
  read_at: ago(15_000),
  cover: textOfCover(ALL),
  issued_at: ago(5_000),
};
const WORK: OwnWork = { isRead: true, recentSince: ago(600_000), comparedFrom: ago(4_000) };
const DUE = { issued_at: ago(RENEWAL_MS) };

function difference(scope: OpenFinding['scope'], target: string | null = null): OpenFinding {
  return { scope, target, is_condition: false };
}

function decide(
  state: Partial<PermitState> = {},
  findings: readonly OpenFinding[] = [],
  work: Partial<OwnWork> = {},
) {
  return decidePermit({ ...STATE, ...state }, findings, { ...WORK, ...work }, RENEWAL_MS);
}

describe('the permit of a venue', () => {
  it('is issued first, and renewed when a sixth of its life has passed', () => {
    expect(decide({ cover: null, issued_at: null })).toEqual(ALL);
    expect(decide()).toBeNull();
    expect(decide(DUE)).toEqual(ALL);
  });

  it.each<[string, Partial<PermitState>, Partial<OwnWork>]>([
    ['messages were never followed to their end', { followed_through: null }, {}],
    ['messages are old', { followed_through: ago(60_000) }, {}],
    ['the venue was never read', { read_at: null }, {}],
    ['the venue was not read for a minute', { read_at: ago(60_000) }, {}],
    ['this process has not compared', {}, { comparedFrom: null }],
    ['its last comparison is old', {}, { comparedFrom: ago(60_000) }],
    [
      'its last comparison began before messages and readings were recent',
      {},
      { recentSince: ago(3_000) },
    ],
    ['messages and readings are not known to be recent', {}, { recentSince: null }],
  ])('is not renewed while %s', (_case, state, work) => {
    expect(decide({ ...DUE, ...state }, [], work)).toBeNull();
  });

  it('needs no reading of a venue that the auditor cannot read', () => {
    expect(decide({ ...DUE, read_at: null }, [], { isRead: false })).toEqual(ALL);
    expect(isRecent({ ...STATE, read_at: null }, false)).toBe(true);
    expect(isRecent({ ...STATE, read_at: null }, true)).toBe(false);
  });

  it.each([difference('all'), difference('venue', 'gateio')])(
    'is withdrawn at once by a difference of scope %o, also without recent facts',
    (finding) => {
      expect(decide({}, [finding])).toEqual(WITHDRAWN);
      expect(decide({ followed_through: null }, [finding])).toEqual(WITHDRAWN);
      const known = { cover: textOfCover(WITHDRAWN) };
      expect(decide(known, [finding])).toBeNull();
      expect(decide({ ...known, ...DUE }, [finding])).toEqual(WITHDRAWN);
    },
  );

  it('is restored once the difference is closed', () => {
    expect(decide({ cover: textOfCover(WITHDRAWN) })).toEqual(ALL);
    expect(decide({ cover: textOfCover(WITHDRAWN), read_at: null })).toBeNull();
  });

  it('ends by itself during a condition, and withdraws nothing', () => {
    const condition = { ...difference('venue', 'gateio'), is_condition: true };
    expect(decide(DUE, [condition])).toBeNull();
    expect(decide({}, [condition])).toBeNull();
    expect(decide(DUE, [{ ...condition, target: 'bybit' }])).toEqual(ALL);
  });

  it('is not changed by a difference of another venue', () => {
    expect(decide({}, [difference('venue', 'bybit')])).toBeNull();
    expect(decide(DUE, [difference('venue', 'bybit')])).toEqual(ALL);
  });

  it('withholds assets and accounts at once', () => {
    const findings = [
      difference('account', 'b'),
      difference('asset', 'USDT.ETH'),
      difference('account', 'a'),
      difference('account', 'a'),
    ];
    const withheld = { assets: ['USDT.ETH'], accounts: ['a', 'b'] };
    expect(decide({}, findings)).toEqual({ granted: true, withheld });
    expect(decide({ cover: textOfCover({ granted: true, withheld }) }, findings)).toBeNull();
  });

  it('is withdrawn if a new account must be withheld while nothing can be granted', () => {
    expect(decide({ read_at: null }, [difference('account', 'a')])).toEqual(WITHDRAWN);
    expect(
      decide({ read_at: null, cover: textOfCover(WITHDRAWN) }, [difference('account', 'a')]),
    ).toBeNull();
  });

  it('is withdrawn if more is withheld than a permit can name', () => {
    const many = Array.from({ length: 501 }, (_, at) => difference('account', `a${at}`));
    expect(decide({}, many)).toEqual(WITHDRAWN);
    expect(decide({}, many.slice(1))?.granted).toBe(true);
  });
});
