import fc from 'fast-check';
import { decode, describeRefusal, encode, type Envelope } from './envelope.js';
import { ledgerCommands } from './ledger-commands.topic.js';
import { ledgerEvents } from './ledger-events.topic.js';
import { venueEvents } from './venue-events.topic.js';

const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
const WITHDRAWAL = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const ENVELOPE: Envelope = {
  id: 'm-1',
  source: 'intake-api',
  subject: ACCOUNT,
  time: '2026-11-20T08:00:00.000Z',
};
const HOLD = {
  withdrawalId: WITHDRAWAL,
  accountId: ACCOUNT,
  asset: 'USDT.ETH',
  amount: '100.10',
} as const;
const PLACE_HOLD = { ...ENVELOPE, type: 'ledger.place-hold.v1', data: HOLD } as const;

describe('encode', () => {
  it('puts the attributes into headers and the data alone into the value', () => {
    const wire = encode(ledgerCommands, {
      ...PLACE_HOLD,
      traceparent: '00-a-b-01',
      correlationId: 'c',
      causationId: 'd',
    });

    expect(wire).toEqual({
      topic: 'ledger.commands',
      key: ACCOUNT,
      orderingKey: WITHDRAWAL,
      consumer: 'ledger',
      headers: {
        ce_specversion: '1.0',
        ce_id: 'm-1',
        ce_type: 'ledger.place-hold.v1',
        ce_source: 'intake-api',
        ce_subject: ACCOUNT,
        ce_time: '2026-11-20T08:00:00.000Z',
        'content-type': 'application/json',
        traceparent: '00-a-b-01',
        ce_correlationid: 'c',
        ce_causationid: 'd',
      },
      value: JSON.stringify(HOLD),
    });
  });

  it('orders by the key where there is no withdrawal', () => {
    const wire = encode(ledgerCommands, {
      ...ENVELOPE,
      type: 'ledger.open-account.v1',
      data: { accountId: ACCOUNT, name: 'Demo' },
    });

    expect(wire.orderingKey).toBe(ACCOUNT);
  });

  it("orders an account's events by the account, whatever withdrawal they are about", () => {
    const wire = encode(ledgerEvents, { ...ENVELOPE, type: 'ledger.hold-placed.v1', data: HOLD });

    expect(wire.orderingKey).toBe(ACCOUNT);
  });

  it('does not let a message of ours out that breaks its own rules', () => {
    expect(() =>
      encode(ledgerCommands, { ...PLACE_HOLD, data: { ...HOLD, amount: '1e3' } }),
    ).toThrow('ledger.commands ledger.place-hold.v1: amount must be a decimal string');
    expect(() =>
      encode(ledgerCommands, { ...PLACE_HOLD, type: '__proto__' as 'ledger.place-hold.v1' }),
    ).toThrow('__proto__ is not a type of ledger.commands');
  });

  it('is undone by decode, whatever the text of a name', () =>
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1, maxLength: 100, unit: 'grapheme' })
          .filter((name) => name.length <= 128),
        (name) => {
          const message = {
            ...ENVELOPE,
            type: 'ledger.open-account.v1' as const,
            data: { accountId: ACCOUNT, name },
          };

          expect(decode(ledgerCommands, encode(ledgerCommands, message))).toEqual({
            ok: true,
            value: message,
          });
        },
      ),
    ));
});

describe("the topic of a venue's events", () => {
  const message = {
    ...ENVELOPE,
    subject: WITHDRAWAL,
    type: 'venue.submission-missing.v1',
    data: { withdrawalId: WITHDRAWAL, venue: 'gateio' },
  } as const;

  it('accepts messages of its own venue', () => {
    const wire = encode(venueEvents('gateio'), message);

    expect(wire.topic).toBe('venue.gateio.events');
    expect(decode(venueEvents('gateio'), wire)).toMatchObject({ ok: true });
  });

  it('refuses what names another venue, written or read', () => {
    const wire = encode(venueEvents('gateio'), message);
    const decoded = decode(venueEvents('bybit'), wire);

    expect(decoded.ok ? 'accepted' : describeRefusal(decoded.refusal)).toBe(
      'venue.submission-missing.v1 is invalid: venue is not bybit, as on its topic',
    );
    expect(() => encode(venueEvents('bybit'), message)).toThrow('venue is not bybit');
  });
});

describe('decode', () => {
  const wire = encode(ledgerCommands, PLACE_HOLD);
  const refusalOf = (change: Partial<typeof wire>) => {
    const decoded = decode(ledgerCommands, { ...wire, ...change });
    return decoded.ok ? 'accepted' : describeRefusal(decoded.refusal);
  };
  const withHeader = (name: string, value: string | undefined) => ({
    headers: { ...wire.headers, [name]: value } as Record<string, string>,
  });
  const withData = (data: object) => ({ value: JSON.stringify(data) });

  it.each(['ce_id', 'ce_type', 'ce_source', 'ce_time'])('refuses a message without %s', (name) => {
    expect(refusalOf(withHeader(name, undefined))).toBe(`header ${name} is missing`);
    expect(refusalOf(withHeader(name, ''))).toBe(`header ${name} is missing`);
  });

  it.each([
    'ledger.place-hold.v2',
    'ledger.hold-placed.v1',
    '__proto__',
    'constructor',
    'toString',
  ])('refuses the type %s, which the topic does not have', (type) => {
    expect(refusalOf(withHeader('ce_type', type))).toBe(`unknown message type ${type}`);
  });

  it.each(['[]', '[{}]', 'null', '1', '"text"', 'true'])(
    'refuses the value %s, which is no object',
    (value) => {
      expect(refusalOf({ value })).toMatch(/^value is not a JSON object: it is /);
    },
  );

  it.each(['', '{', '{"amount":1', 'NaN', "{'a':1}", '\u0000'])(
    'refuses the value %j, which is no JSON',
    (value) => {
      expect(refusalOf({ value })).toMatch(/^value is not a JSON object: /);
    },
  );

  it('refuses data whose key is not the message key: it would break the order of another account', () => {
    expect(refusalOf({ key: WITHDRAWAL })).toBe(
      'ledger.place-hold.v1 is invalid: accountId is not the message key',
    );
    expect(refusalOf({ key: '' })).toMatch(/accountId is not the message key/);
  });

  it('refuses fields that come from a __proto__ key instead of the data', () => {
    expect(refusalOf({ value: `{"__proto__":${JSON.stringify(HOLD)}}` })).toMatch(
      /withdrawalId must be .*; accountId must be /,
    );
  });

  it('refuses an amount that is a JSON number, even with exact digits', () => {
    expect(refusalOf(withData({ ...HOLD, amount: 100.1 }))).toBe(
      'ledger.place-hold.v1 is invalid: amount must be a decimal string',
    );
  });

  it('names all faults together', () => {
    expect(refusalOf(withData({ accountId: ACCOUNT }))).toMatch(
      /withdrawalId .*; asset .*; amount /,
    );
  });

  it('never throws, whatever came', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string()),
        fc.string(),
        fc.constantFrom('ledger.place-hold.v1', 'ledger.open-account.v1'),
        (value, key, type) => {
          expect(
            decode(ledgerCommands, { key, value, headers: { ...wire.headers, ce_type: type } }).ok,
          ).toBe(false);
        },
      ),
    ));
});
