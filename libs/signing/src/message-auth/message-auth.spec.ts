import { KeyRing } from './key-ring.js';
import {
  followedFault,
  isSignedFor,
  MAC_HEADER,
  messageFault,
  MessageKeys,
  signMessage,
} from './message-keys.js';
import {
  partsOfProof,
  readClosed,
  readReceipt,
  signProof,
  untilOf,
  verifyProof,
  withClosed,
} from './order-proof.js';

const key = (seed: number): string =>
  Buffer.from(Array.from({ length: 32 }, (_, at) => (seed * 31 + at * 7) % 256)).toString('base64');
const OLD = { id: '2026-10', key: key(1) };
const NEW = { id: '2026-11', key: key(2) };
const [intake, ledger] = [
  new MessageKeys({ ledger: [NEW] }),
  new MessageKeys({ 'intake-api': [NEW], 'connector-gateio': [OLD] }),
];
const MESSAGE = {
  topic: 'ledger.commands',
  key: 'a',
  headers: { ce_id: '1', ce_type: 't', ce_source: 'intake-api', ce_time: 'now', traceparent: 'p' },
  value: '{"amount":"1"}',
};

describe('the MAC of a message', () => {
  const signed = signMessage(intake, 'ledger', MESSAGE);

  it('is checked by the one service that shares its key', () => {
    expect(messageFault(ledger, 'intake-api', signed)).toBeNull();
    expect(messageFault(ledger, 'connector-gateio', signed)).toContain('is wrong');
    expect(() => messageFault(ledger, 'nobody', signed)).toThrow('there is no key for nobody');
  });

  it.each<[string, Partial<typeof MESSAGE>]>([
    ['topic', { topic: 'ledger.events' }],
    ['key', { key: 'b' }],
    ['value', { value: '{"amount":"9"}' }],
    ['id', { headers: { ...signed.headers, ce_id: '2' } }],
    ['type', { headers: { ...signed.headers, ce_type: 'u' } }],
    ['source', { headers: { ...signed.headers, ce_source: 'x' } }],
    ['time', { headers: { ...signed.headers, ce_time: 'later' } }],
  ])('fits no other %s', (_field, change) => {
    expect(messageFault(ledger, 'intake-api', { ...signed, ...change })).toContain('is wrong');
  });

  it('may be missing, or be anything', () => {
    expect(messageFault(ledger, 'intake-api', MESSAGE)).toBe(
      `the message has no ${MAC_HEADER}: intake-api did not send it`,
    );
    for (const mac of [
      '',
      '.',
      'x',
      '2026-11.',
      '2026-11.AAAA',
      '2026-10.AAAA',
      `${'a'.repeat(9999)}.`,
    ])
      expect(
        messageFault(ledger, 'intake-api', {
          ...signed,
          headers: { ...signed.headers, [MAC_HEADER]: mac },
        }),
      ).not.toBeNull();
  });

  it('does not cover what only traces it', () => {
    const headers = { ...signed.headers, traceparent: 'another' };
    expect(messageFault(ledger, 'intake-api', { ...signed, headers })).toBeNull();
  });
});

describe('keys', () => {
  const fields = ['w', 1, null];

  it('rotate with an overlap: the first signs, all of them check', () => {
    const [before, during, after] = [[OLD], [NEW, OLD], [NEW]].map((keys) => new KeyRing(keys));

    expect(during?.verify('ordered', fields, before?.sign('ordered', fields))).toBe(true);
    expect(after?.verify('ordered', fields, during?.sign('ordered', fields))).toBe(true);
    expect(after?.verify('ordered', fields, before?.sign('ordered', fields))).toBe(false);
  });

  it('sign for one purpose and for the unchanged fields', () => {
    const ring = new KeyRing([NEW]);
    const mac = ring.sign('ordered', fields);

    expect(ring.verify('held', fields, mac)).toBe(false);
    expect(ring.verify('ordered', ['w', '1', null], mac)).toBe(false);
    expect(ring.verify('ordered', ['w', 1], mac)).toBe(false);
    expect(ring.verify('ordered', fields, null)).toBe(false);
  });

  it.each<[string, string]>([
    ['nonsense', 'must be JSON'],
    ['[]', 'must be a JSON object'],
    ['{"ledger":{}}', 'ledger must be a list of'],
    ['{"ledger":[{"id":"1"}]}', 'ledger must be a list of'],
    ['{"ledger":[]}', 'ledger: there is no key'],
    [`{"ledger":[{"id":"1","key":"${'A'.repeat(43)}="}]}`, 'ledger: key 1 must be 32 random bytes'],
    ['{"ledger":[{"id":"1","key":"c2hvcnQ="}]}', 'ledger: key 1 must be 32 random bytes'],
    [`{"ledger":[{"id":"a b","key":"${key(3)}"}]}`, 'ledger: a key id has letters'],
    [
      `{"ledger":[{"id":"1","key":"${key(3)}"},{"id":"1","key":"${key(4)}"}]}`,
      'ledger: two keys have the same id',
    ],
  ])('%s: refused with a sentence that holds no key', (text, sentence) => {
    expect(() => MessageKeys.parse(text)).toThrow(sentence);
  });

  it('do not show when they are printed', () => {
    expect(JSON.stringify([intake])).not.toContain(NEW.key);
  });
});

describe('an order and a receipt', () => {
  const UNTIL = new Date('2026-11-23T22:00:00.000Z');
  const ring = new KeyRing([NEW]);
  const order = {
    withdrawalId: 'w',
    digest: 'd',
    venue: 'gateio',
    clientReference: 'c',
    notAfter: null,
  };

  it.each<[string, object]>([
    ['withdrawal', { withdrawalId: 'x' }],
    ['digest', { digest: 'e' }],
    ['venue', { venue: 'bybit' }],
    ['reference', { clientReference: null }],
    ['deadline', { notAfter: '2026-11-20T08:00:00.000Z' }],
  ])('fit no other %s', (_field, change) => {
    expect(
      verifyProof(
        ring,
        { says: 'ordered', ...order },
        signProof(ring, { says: 'ordered', ...order }),
      ),
    ).toBe(true);
    expect(
      verifyProof(
        ring,
        { says: 'ordered', ...order, ...change },
        signProof(ring, { says: 'ordered', ...order }),
      ),
    ).toBe(false);
  });

  it('are no proof that nothing moved, and the other way round', () => {
    for (const mac of [
      signProof(ring, { says: 'nothing moved', ...order }),
      signProof(ring, { says: 'ordered', ...order }),
    ])
      expect(
        readReceipt(ring, { to: 'connector', ...order }, `${UNTIL.toISOString()}~${mac}`),
      ).toBeNull();
    const [, mac] = signProof(ring, {
      says: 'held',
      to: 'connector',
      ...order,
      until: UNTIL,
    }).split('~');
    expect(verifyProof(ring, { says: 'nothing moved', ...order }, mac)).toBe(false);
    expect(verifyProof(ring, { says: 'ordered', ...order }, mac)).toBe(false);
  });

  it('of a return fit one amount, and are no proof that nothing moved', () => {
    const mac = signProof(ring, { says: 'returned', ...order, amount: '5' });

    expect(verifyProof(ring, { says: 'returned', ...order, amount: '5' }, mac)).toBe(true);
    expect(verifyProof(ring, { says: 'returned', ...order, amount: '50' }, mac)).toBe(false);
    expect(
      verifyProof(ring, { says: 'returned', ...order, venue: 'bybit', amount: '5' }, mac),
    ).toBe(false);
    expect(verifyProof(ring, { says: 'nothing moved', ...order }, mac)).toBe(false);
    expect(
      verifyProof(
        ring,
        { says: 'returned', ...order, amount: '5' },
        signProof(ring, { says: 'nothing moved', ...order }),
      ),
    ).toBe(false);
  });

  it('are no receipt for the signer, which fits its order alone', () => {
    const receipt = signProof(ring, { says: 'held', to: 'signer', ...order, until: UNTIL });

    expect(readReceipt(ring, { to: 'signer', ...order }, receipt)).toEqual(UNTIL);
    expect(
      readReceipt(
        ring,
        { to: 'signer', ...order },
        signProof(ring, { says: 'held', to: 'connector', ...order, until: UNTIL }),
      ),
    ).toBeNull();
    expect(readReceipt(ring, { to: 'connector', ...order }, receipt)).toBeNull();
    for (const change of [{ withdrawalId: 'x' }, { digest: 'e' }, { venue: 'gateio-2' }])
      expect(readReceipt(ring, { to: 'signer', ...order, ...change }, receipt)).toBeNull();
  });

  it.each(['signer', 'connector'] as const)(
    'expire at the time of the ledger: a receipt for the %s has one expiry',
    (to) => {
      const receipt = signProof(ring, { says: 'held', to, ...order, until: UNTIL });
      const read = (text: string | null) => readReceipt(ring, { to, ...order }, text);
      const withoutEnd = receipt.slice(receipt.indexOf('~') + 1);

      expect([untilOf(receipt), read(receipt)]).toEqual([UNTIL, UNTIL]);
      for (const text of [
        receipt.replace('2026-11-23', '2027-11-23'),
        receipt.replace('.000Z', 'Z'),
        receipt.replace('2026-11-23', 'x'),
        withoutEnd,
        null,
      ])
        expect(read(text)).toBeNull();
      expect(untilOf(withoutEnd)).toBeNull();
    },
  );

  it('of a closed withdrawal show whether a signature was made before', () => {
    const closed = signProof(ring, { says: 'closed', withdrawalId: 'w', as: 'unsigned' });

    expect(readClosed(ring, 'w', closed)).toBe('unsigned');
    expect(
      readClosed(ring, 'w', signProof(ring, { says: 'closed', withdrawalId: 'w', as: 'signed' })),
    ).toBe('signed');
    expect(readClosed(ring, 'x', closed)).toBeNull();
    expect(readClosed(ring, 'w', signProof(ring, { says: 'nothing moved', ...order }))).toBeNull();
    expect(partsOfProof(withClosed('a', closed))).toEqual(['a', closed]);
    expect(partsOfProof('a')).toEqual(['a', null]);
  });
});

describe('the MAC for a follower of a topic', () => {
  const FOLLOWER = { id: '2026-11', key: key(3) };
  const producer = new MessageKeys({ ledger: [NEW], auditor: [FOLLOWER], other: [OLD] });
  const auditor = new MessageKeys({ 'intake-api': [FOLLOWER] });
  const of = { producer: 'intake-api', service: 'auditor' };
  const signed = signMessage(producer, 'ledger', MESSAGE, ['auditor']);

  it('stands beside that of the consumer, under a key of its own', () => {
    expect(messageFault(ledger, 'intake-api', signed)).toBeNull();
    expect(followedFault(auditor, of, signed)).toBeNull();
    expect(followedFault(ledger, of, signed)).toContain('is wrong');
    expect(messageFault(auditor, 'intake-api', signed)).toContain('is wrong');
    expect(followedFault(auditor, of, { ...signed, value: '{}' })).toContain('is wrong');
  });

  it('names its follower: a message without it is of no other', () => {
    const elsewhere = signMessage(producer, 'ledger', MESSAGE, ['other']);

    expect(isSignedFor('auditor', signed)).toBe(true);
    expect(isSignedFor('auditor', elsewhere)).toBe(false);
    expect(followedFault(auditor, of, elsewhere)).toContain('has no sluice-mac-auditor');
  });
});
