import fc from 'fast-check';
import { register } from 'prom-client';
import { AuditKeys } from '../settings/audit-keys.js';
import { countForgedRecord, RecordSeals, sealedContent } from './record-seals.js';

const keyFile = (...ids: readonly number[]): AuditKeys =>
  AuditKeys.parse(ids.map((id) => `k${id} ${Buffer.alloc(32, id).toString('base64')}\n`).join(''));
const FIELDS = ['7', 'venue', null, 'orphan', 'v1', '2026-11-26T00:00:00.000000Z', 'peter', 'demo'];

describe('the seal of a record', () => {
  const seals = new RecordSeals('ledger', keyFile(1));
  const seal = seals.seal('halt ended', FIELDS);

  it('is valid for its content', () => {
    expect(seal).toMatch(/^k1:[\w-]{43}$/);
    expect(seals.isSealed('halt ended', FIELDS, seal)).toBe(true);
  });

  it.each(FIELDS.map((_field, at) => at))('covers field %s', (at) => {
    for (const other of ['', 'x', null]) {
      const changed = FIELDS.with(at, other);
      expect(seals.isSealed('halt ended', changed, seal)).toBe(FIELDS[at] === other);
    }
  });

  it.each([
    ['of another kind', () => seals.isSealed('break ended', FIELDS, seal)],
    [
      'of another service',
      () => new RecordSeals('webhooks', keyFile(1)).isSealed('halt ended', FIELDS, seal),
    ],
    [
      'of another key with the same id',
      () =>
        new RecordSeals('ledger', {
          current: 'k1',
          derive: () => Buffer.alloc(32, 9),
        }).isSealed('halt ended', FIELDS, seal),
    ],
    ['that is missing', () => seals.isSealed('halt ended', FIELDS, null)],
    ['that is empty', () => seals.isSealed('halt ended', FIELDS, '')],
    ['that is cut off', () => seals.isSealed('halt ended', FIELDS, seal.slice(0, -1))],
    ['without a MAC', () => seals.isSealed('halt ended', FIELDS, 'k1:')],
  ])('is not accepted %s', (_what, verdict) => expect(verdict()).toBe(false));

  it('is made with the newest key, and verified with each key of the file', () => {
    const rotated = new RecordSeals('ledger', keyFile(2, 1));

    expect(rotated.isSealed('halt ended', FIELDS, seal)).toBe(true);
    expect(rotated.seal('halt ended', FIELDS)).toMatch(/^k2:/);
    expect(seals.isSealed('halt ended', FIELDS, rotated.seal('halt ended', FIELDS))).toBe(false);
  });

  it('may name a key that is missing in the file', () => {
    expect(seals.namesUnknownKey('k2:AAAA')).toBe(true);
    expect(seals.namesUnknownKey(seal)).toBe(false);
    expect(seals.namesUnknownKey(null)).toBe(false);
  });

  it('is not made with the audit key itself', () => {
    const keys = keyFile(1);
    const mac = keys.seal('k1', sealedContent(['ledger', 'halt ended', ...FIELDS]));

    expect(seal).not.toBe(`k1:${mac?.toString('base64url')}`);
  });
});

it('gives two different lists of fields different bytes', () => {
  const field = fc.option(fc.string({ unit: fc.constantFrom('1', ':', ';', '-', 'é', 'a') }));
  fc.assert(
    fc.property(fc.array(field), fc.array(field), (a, b) => {
      expect(sealedContent(a) === sealedContent(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

describe('sluice_forged_records_total', () => {
  it('begins at 0 for each table, so that the first forgery is an increase', async () => {
    const exposed = () => register.getSingleMetricAsString('sluice_forged_records_total');
    for (const table of ['halt', 'break', 'book_halt', 'approval'])
      expect(await exposed()).toContain(`{table="${table}"} 0`);

    countForgedRecord('halt');
    expect(await exposed()).toContain('{table="halt"} 1');
  });
});
