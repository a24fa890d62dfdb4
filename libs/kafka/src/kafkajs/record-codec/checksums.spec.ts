import { createRequire } from 'node:module';
import fc from 'fast-check';
import { crc32c } from '@node-rs/crc32';
import { murmur2 } from '../../port/murmur2.js';

const inside = createRequire(import.meta.url);
const crc32cOfKafkajs = inside('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (
  bytes: Buffer,
) => number;
const murmur2OfKafkajs = inside('kafkajs/src/producer/partitioners/default/murmur2.js') as (
  bytes: Buffer,
) => number;

describe('crc32c', () => {
  it('gives the published check value', () => {
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
  });

  it('is that of kafkajs, at every length', () =>
    fc.assert(
      fc.property(anyBytes(), (bytes) => expect(crc32c(bytes)).toBe(crc32cOfKafkajs(bytes))),
    ));
});

describe('murmur2', () => {
  it('is that of kafkajs, and so of every other Kafka client', () =>
    fc.assert(
      fc.property(anyBytes(), (bytes) => expect(murmur2(bytes)).toBe(murmur2OfKafkajs(bytes))),
    ));
});

function anyBytes(): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ maxLength: 70 }).map((array) => Buffer.from(array));
}
