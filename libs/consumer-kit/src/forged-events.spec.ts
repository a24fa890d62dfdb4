import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { EventKeys } from './event-keys.js';
import { type EventTrust, ForgedEvent, readKafkaEvent, UnreadableEvent } from './read-events.js';

const STATE = {
  number: '1001',
  sequence: 6,
  clientReference: null,
  currency: 'USDT',
  network: 'ETH',
  amount: '100',
  fee: '1.5',
  status: 'confirmed',
  txHash: '0x5e',
  at: '2026-11-20T08:09:00.040Z',
};
const HEADERS = {
  ce_id: 'step-6',
  ce_type: 'withdrawal.completed.v1',
  ce_source: 'intake-api',
  ce_time: '2026-11-20T08:09:00.040Z',
  ce_subject: 'w1',
};
const record = (change: object = {}) => ({
  key: Buffer.from('w1'),
  headers: HEADERS,
  value: Buffer.from(JSON.stringify({ ...STATE, ...change })),
});
type Unsigned = ReturnType<typeof record>;

const newKey = () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.from(privateKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { privateKey, bytes, text: bytes.toString('base64') };
};
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Signs a single event as docs/events.md describes. */
function signed({ privateKey, bytes }: { privateKey: KeyObject; bytes: Buffer }, of: Unsigned) {
  const parts = ['withdrawal.events', of.key, ...Object.values(HEADERS), of.value];
  const fields = parts.flatMap((part) => {
    const field = Buffer.from(part);
    return [Buffer.from([0, 0, field.length >> 8, field.length & 255]), field];
  });
  const root = sha256(Buffer.concat([Buffer.from([0]), ...fields])).toString('hex');
  const signature = sign(null, Buffer.from(`sluice events\n1\n${root}`), privateKey);
  const id = sha256(bytes).toString('hex').slice(0, 16);
  const header = `${id}.${signature.toString('base64url')}.1.0.`;
  return { ...of, headers: { ...HEADERS, 'sluice-signature': Buffer.from(header) } };
}

describe('an event of Kafka', () => {
  const [key, other] = [newKey(), newKey()];
  const trust = { keys: new EventKeys([key.text]) };

  it('is read if intake-api has signed it', () => {
    expect(readKafkaEvent(signed(key, record()), trust)).toMatchObject({ amount: '100' });
  });

  it.each<[string, object, EventTrust, string]>([
    ['without a signature', record({ amount: '999999' }), trust, 'has no sluice-signature'],
    ['with a foreign signature', signed(other, record()), trust, 'is not among the public keys'],
    [
      'with another amount',
      { ...signed(key, record()), value: record({ amount: '999999' }).value },
      trust,
      'sluice-signature is wrong',
    ],
    ['without a key', { ...signed(key, record()), key: null }, trust, 'sluice-signature is wrong'],
  ])('%s is a forgery, and unreadable as well', (_what, forged, of, sentence) => {
    const read = () => readKafkaEvent(forged as Unsigned, of);

    expect(read).toThrow(ForgedEvent);
    expect(read).toThrow(UnreadableEvent);
    expect(read).toThrow(sentence);
  });

  it('is verified by each of several keys', () => {
    const both = { keys: new EventKeys([key.text, other.text]) };
    for (const one of [key, other])
      expect(readKafkaEvent(signed(one, record()), both).withdrawalId).toBe('1001');
  });

  it('is not read without a choice, and unverified only with the accepted risk', () => {
    const read = readKafkaEvent as (of: object, trust?: object) => unknown;

    expect(() => read(record())).toThrow('readKafkaEvent needs { keys }');
    expect(() => read(record(), { unverified: true })).toThrow('readKafkaEvent needs { keys }');
    expect(read(record(), { unverified: 'writers to Kafka can forge payments' })).toMatchObject({
      withdrawalId: '1001',
    });
  });
});
