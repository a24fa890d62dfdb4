import {
  canonicalStatement,
  HeldPermit,
  PermitKeys,
  PermitSigningKey,
  type PermitStatement,
  readStatement,
  type TakenPermit,
} from '../permit.js';

const KEY = PermitSigningKey.parse(Buffer.alloc(32, 1).toString('base64'));
const STRANGER = PermitSigningKey.parse(Buffer.alloc(32, 2).toString('base64'));
const NOW = Date.parse('2026-11-26T08:00:00.000Z');
const ORDER = { asset: 'USDT.ETH', accountId: 'a1' };

function statement(change: Partial<PermitStatement> = {}, fromMs = 0): PermitStatement {
  return {
    venue: 'gateio',
    number: 10,
    issuedAt: new Date(NOW + fromMs),
    expiresAt: new Date(NOW + fromMs + 120_000),
    granted: true,
    withheld: { assets: [], accounts: [] },
    ...change,
  };
}

describe('permit', () => {
  let clocks = [NOW, NOW];
  beforeEach(() => (clocks = [NOW, NOW]));
  const causeOf = (taken: TakenPermit) => ('cause' in taken ? taken.cause : null);
  const held = (...keys: readonly PermitSigningKey[]) =>
    new HeldPermit(
      'gateio',
      new PermitKeys((keys.length > 0 ? keys : [KEY]).map(({ publicKey }) => publicKey)),
      () => clocks,
    );

  it('is needed for every payment', () => {
    expect(held().fault(ORDER)).toContain('no current permit is known');
    expect(held().text).toBeNull();
  });

  it('covers the payments of its venue', () => {
    const permit = held();
    const text = KEY.sign(statement());

    expect(causeOf(permit.take(text))).toBeNull();
    expect([permit.fault(ORDER), permit.text, permit.leftMs()]).toEqual([null, text, 120_000]);
  });

  it('is refused with a signature of another key, and accepted during a rotation', () => {
    const text = STRANGER.sign(statement());

    expect(causeOf(held().take(text))).toContain('is not among the public keys');
    expect(causeOf(held(KEY, STRANGER).take(text))).toBeNull();
  });

  it('is refused if one character was changed', () => {
    const [encoded = '', id, signature] = KEY.sign(statement({ granted: false })).split('.');
    const forged = Buffer.from(
      Buffer.from(encoded, 'base64url').toString().replace('false', 'true'),
    ).toString('base64url');

    expect(causeOf(held().take(`${forged}.${id}.${signature}`))).toContain(
      'the auditor did not issue',
    );
    expect(causeOf(held().take(`${encoded}.${id}`))).toContain('cannot be read');
  });

  it('is refused for another venue', () => {
    expect(causeOf(held().take(KEY.sign(statement({ venue: 'bybit' }))))).toContain('is for bybit');
  });

  it('ends by the clock that is ahead', () => {
    const permit = held();
    permit.take(KEY.sign(statement()));

    clocks = [NOW, NOW + 119_999];
    expect(permit.fault(ORDER)).toBeNull();
    clocks = [NOW, NOW + 120_000];
    expect(permit.fault(ORDER)).toContain('no current permit');
    clocks = [NOW + 120_000, NOW];
    expect([permit.fault(ORDER), permit.text, permit.leftMs()]).toEqual([
      expect.stringContaining('no current permit'),
      null,
      0,
    ]);
  });

  it('never lasts longer than two minutes', () => {
    const permit = held();
    permit.take(KEY.sign(statement({ expiresAt: new Date(NOW + 3_600_000) })));

    expect(permit.leftMs()).toBe(120_000);
    expect(causeOf(held().take(KEY.sign(statement({}, 61_000))))).toContain('in the future');
  });

  it('is withdrawn by a later statement, and an earlier statement does not restore it', () => {
    const permit = held();
    const granted = KEY.sign(statement());
    permit.take(granted);
    permit.take(KEY.sign(statement({ number: 11, granted: false })));

    expect(permit.fault(ORDER)).toContain('has withdrawn');
    expect(causeOf(permit.take(granted))).toContain('older than number 11');
    expect(permit.fault(ORDER)).toContain('has withdrawn');
  });

  it('has a lower number after a restore of the auditor, and counts once the higher one has ended', () => {
    const permit = held();
    permit.take(KEY.sign(statement({ number: 90 })));
    clocks = [NOW + 120_000, NOW + 120_000];

    expect(causeOf(permit.take(KEY.sign(statement({ number: 3 }, 120_000))))).toBeNull();
    expect(permit.fault(ORDER)).toBeNull();
  });

  it('withholds an asset and an account', () => {
    const permit = held();
    permit.take(KEY.sign(statement({ withheld: { assets: ['TRX.TRON'], accounts: ['a2'] } })));

    expect(permit.fault(ORDER)).toBeNull();
    expect(permit.fault({ ...ORDER, asset: 'TRX.TRON' })).toContain('withholds TRX.TRON');
    expect(permit.fault({ ...ORDER, accountId: 'a2' })).toContain('withholds a2');
  });

  it('is refused with an unknown field: a reader must not ignore a condition', () => {
    const text = canonicalStatement(statement());
    const more = text.replace('"assets":[]', '"assets":[],"keys":["k"]');

    expect(readStatement(text)).toEqual({ ok: true, value: statement() });
    expect(readStatement(more)).toMatchObject({ refusal: expect.stringContaining('withholds') });
    for (const changed of ['{}', 'hush', text.replace('10', '"10"'), text.replace(',', ', ')])
      expect(readStatement(changed).ok).toBe(false);
  });

  it('reads keys of 32 bytes only', () => {
    expect(() => PermitKeys.parse('hush')).toThrow('must be 32 bytes in base64');
    expect(PermitKeys.parse(` ${KEY.publicKey}\n${STRANGER.publicKey} `).isEmpty).toBe(false);
  });
});
