import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { EventKeys } from '@sluice/consumer-kit';
import { EVENT_SIGNATURE_HEADER, EventSigningKey } from '@sluice/signing';
import fc from 'fast-check';

const signer = () => EventSigningKey.parse(randomBytes(32).toString('base64'));
const KEY = signer();
const keysOf = (...signers: readonly EventSigningKey[]) =>
  new EventKeys(signers.map(({ publicKey }) => publicKey.publicKey));
const KEYS = keysOf(KEY);

const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const message = fc.record({
  topic: fc.constant('withdrawal.events'),
  key: texts,
  headers: fc.record({
    ce_id: texts,
    ce_type: texts,
    ce_source: texts,
    ce_time: texts,
    ce_subject: texts,
  }),
  value: texts,
});
const batches = fc.array(message, { minLength: 1, maxLength: 40 });
type Sent = ReturnType<
  typeof KEY.sign<typeof message extends fc.Arbitrary<infer M> ? M : never>
>[number];

const signatureOf = ({ headers }: { readonly headers: object }): string =>
  (headers as Record<string, string>)[EVENT_SIGNATURE_HEADER] ?? '';
const withSignature = (sent: Sent, signature: string) => ({
  ...sent,
  headers: { ...sent.headers, [EVENT_SIGNATURE_HEADER]: signature },
});

describe('the signature of events', () => {
  it('is verified for each event of a batch of any size, as text and as bytes', () => {
    fc.assert(
      fc.property(batches, (messages) => {
        for (const { key, value, headers } of KEY.sign(messages)) {
          const bytes = { key: Buffer.from(key), value: Buffer.from(value), headers };
          expect([KEYS.fault({ key, value, headers }), KEYS.fault(bytes)]).toEqual([null, null]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('fits no other content, index, size, path, signature or key', () => {
    const parts = fc.constantFrom(
      ...(['key', 'value', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject'] as const),
    );
    fc.assert(
      fc.property(batches, fc.nat(), parts, texts, (messages, place, part, text) => {
        const sent = KEY.sign(messages);
        const one = sent[place % sent.length] as Sent;
        const isHeader = part.startsWith('ce_');
        const before = isHeader
          ? (one.headers as Record<string, string>)[part]
          : one[part as 'key'];
        fc.pre(text !== before);
        const changed = isHeader
          ? { ...one, headers: { ...one.headers, [part]: text } }
          : { ...one, [part]: text };
        expect(KEYS.fault(changed)).toContain('is wrong');

        const [id, signature, size, index, path] = signatureOf(one).split('.');
        const foreign = signatureOf(signer().sign(messages)[0] as Sent).split('.')[1];
        for (const other of [
          [id, signature, size, Number(index) + 1, path],
          [id, signature, size, Number(index) ^ 1, path],
          [id, signature, Number(size) + 1, index, path],
          [id, signature, 0, index, path],
          [id, signature, size, index, `${path}${'A'.repeat(43)}`],
          [id, signature, size, index, 'A'.repeat(path?.length ?? 0)],
          [id, signature, size, index, path?.slice(43)],
          [id, foreign, size, index, path],
        ].map((fields) => fields.join('.')))
          if (other !== signatureOf(one))
            expect(KEYS.fault(withSignature(one, other))).not.toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('fits no record of another topic', () => {
    const [sent] = KEY.sign([{ ...PLAIN, topic: 'another.topic' }]);

    expect(sent && KEYS.fault(sent)).toContain('is wrong');
  });

  it('is made by a known key; several keys verify during a rotation', () => {
    const [old, next] = [signer(), signer()];
    const [before, after] = [old, next].map((key) => key.sign([PLAIN])[0] as typeof PLAIN);

    expect([before, after].map((sent) => sent && keysOf(old, next).fault(sent))).toEqual([
      null,
      null,
    ]);
    expect(before && keysOf(next).fault(before)).toContain('is not among the public keys');
  });

  it('may be missing, or be anything', () => {
    expect(KEYS.fault(PLAIN)).toContain(`the event has no ${EVENT_SIGNATURE_HEADER}`);
    const [sent] = KEY.sign([PLAIN]) as [Sent];
    for (const text of [
      '.',
      'x',
      `${KEY.publicKey.id}....`,
      `${signatureOf(sent)}A`,
      '9'.repeat(9_999),
    ])
      expect(KEYS.fault(withSignature(sent, text))).not.toBeNull();
    expect(KEYS.fault({ ...sent, value: null })).toContain('is wrong');
    expect(KEYS.fault({ headers: sent.headers, value: sent.value })).toContain('is wrong');
  });

  it('is still verified after the cache has forgotten it', () => {
    const sent = Array.from({ length: 1_100 }, (_, at) => KEY.sign([{ ...PLAIN, value: `${at}` }]));
    const all = [...sent, ...sent].flat();

    expect(all.filter((one) => KEYS.fault(one) !== null)).toEqual([]);
    expect(all.filter((one) => KEYS.fault({ ...one, value: 'x' }) === null)).toEqual([]);
  });
});

describe('keys of events', () => {
  it.each(['', 'hush', 'c2hvcnQ=', `${'A'.repeat(43)}= `])('%p is no key', (text) => {
    expect(() => EventSigningKey.parse(text)).toThrow('must be 32 bytes in base64');
    expect(() => new EventKeys([text])).toThrow('must be 32 bytes in base64');
  });

  it('have the same id on both sides, and show no private part', () => {
    expect(KEYS.ids()).toEqual([KEY.publicKey.id]);
    expect(JSON.stringify(KEY)).toBe(JSON.stringify({ publicKey: KEY.publicKey }));
    expect(() => new EventKeys([])).toThrow('a public key of events is missing');
  });

  it('sign as Ed25519 does: the seed is the private key of RFC 8032', () => {
    const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const base64 = (text: string) => Buffer.from(text, 'base64url').toString('base64');

    expect(EventSigningKey.parse(base64(d)).publicKey.publicKey).toBe(base64(x));
  });
});

const PLAIN = {
  topic: 'withdrawal.events',
  key: 'w1',
  headers: {
    ce_id: '1',
    ce_type: 'withdrawal.completed.v1',
    ce_source: 'intake-api',
    ce_time: '2026-11-20T08:09:00.040Z',
    ce_subject: 'w1',
  },
  value: '{"amount":"1"}',
};
