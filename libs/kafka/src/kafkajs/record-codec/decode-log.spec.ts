import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { batchOf, compressed, oldMessages, recoded, sealed } from '../../testkit/record-bytes.js';
import { decodeLog, type LogPlace } from './decode-log.js';
import { lz4Decompress, snappyDecompress } from '../compression/decompress.js';

const ALL: LogPlace = { from: 0, start: 0, end: 1_000_000 };
const [GZIP, SNAPPY, LZ4, ZSTD] = [1, 2, 3, 4] as const;
const [LAST_AT, COUNT_AT, EPOCH_AT] = [23, 57, 12];
const NOTE = { key: 'k', value: '{"amount":"3.111"}', headers: { ce_id: '1' } };

const summaryOf = (log: Buffer, place: LogPlace = ALL) =>
  decodeLog(log, place).map(({ offset, value, broken }) => [
    offset,
    broken ? `${broken.kind}: ${broken.cause}` : value?.toString(),
  ]);

/** Old messages without compression have no offsets of their own before a broker has given them some. */
function numbered(set: Buffer, firstOffset: number): Buffer {
  const bytes = Buffer.from(set);
  for (let at = 0, n = firstOffset; at < bytes.length; at += 12 + bytes.readInt32BE(at + 8), n++)
    bytes.writeBigInt64BE(BigInt(n), at);
  return bytes;
}

describe('decodeLog', () => {
  it('gives nothing of a batch in which one bit is not as it was sent', () =>
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, GZIP, ZSTD), (at, codec) => {
        const plain = batchOf([NOTE], 1);
        const batch = codec === GZIP || codec === ZSTD ? compressed(plain, codec) : plain;
        const bit = at % ((batch.length - 16) * 8);
        const byte = 16 + (bit >> 3); // before it: where the batch is, how long it is, and the leader epoch
        batch[byte] = (batch[byte] ?? 0) ^ (1 << (bit & 7));

        const found = decodeLog(Buffer.concat([batchOf([NOTE]), batch, batchOf([NOTE], 2)]), ALL);

        expect(found.map(({ broken }) => broken?.kind)).toEqual([undefined, 'corrupt']);
      }),
      { numRuns: 500 },
    ));

  it('gives nothing of an old message in which one bit is not as it was sent', () => {
    const message = numbered(
      oldMessages({ messageVersion: 1, compression: 0, entries: [{ key: 'k', value: 'v' }] })
        .buffer,
      0,
    );
    for (let bit = 96; bit < message.length * 8; bit++) {
      const flipped = Buffer.from(message);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));

      expect(decodeLog(flipped, ALL).map(({ broken }) => broken?.kind)).toEqual(['corrupt']);
    }
  });

  it('reports a flipped digit with both checksums, at the offset that was asked for', () => {
    const batch = batchOf([NOTE, NOTE], 5);
    batch[batch.indexOf('3.111')] = '9'.charCodeAt(0);

    expect(summaryOf(batch, { ...ALL, from: 6 })).toEqual([
      [
        '6',
        expect.stringMatching(
          /^corrupt: the stored checksum is [0-9a-f]{8}, the checksum of the bytes is [0-9a-f]{8}$/,
        ),
      ],
    ]);
  });

  it('reports a batch at an impossible offset, and one of an impossible length', () => {
    expect(summaryOf(Buffer.concat([batchOf([NOTE], 7), batchOf([NOTE], 7)]))[1]).toEqual([
      '7',
      expect.stringContaining('before the end of the previous batch'),
    ]);
    expect(summaryOf(batchOf([NOTE], 30), { ...ALL, end: 20 })).toEqual([
      ['30', expect.stringContaining('after the end of the log at 20')],
    ]);
    const short = batchOf([NOTE]);
    short.writeInt32BE(3, 8);
    expect(summaryOf(short)).toEqual([['0', 'corrupt: its length cannot be']]);
  });

  it.each([
    ['gzip', GZIP],
    ['zstd', ZSTD],
  ] as const)('reads what is compressed with %s', (_name, codec) => {
    expect(summaryOf(compressed(batchOf([NOTE, NOTE], 3), codec))).toEqual([
      ['3', NOTE.value],
      ['4', NOTE.value],
    ]);
  });

  it.each([0, 1])(
    'reads messages of the old format %i, also compressed, and their offsets',
    (messageVersion) => {
      const entries = [
        { key: 'a', value: 'one' },
        { key: null, value: 'two' },
      ];
      const plain = numbered(oldMessages({ messageVersion, compression: 0, entries }).buffer, 7);
      const inner = oldMessages({ messageVersion, compression: GZIP, entries }).buffer; // numbered from 0, as format 1 wants it
      const value = gzipSync(messageVersion === 0 ? numbered(inner, 7) : inner);
      const outer = oldMessages({
        messageVersion,
        compression: 0,
        entries: [{ compression: GZIP, value }],
      }).buffer;

      const both = [
        ['7', 'one'],
        ['8', 'two'],
      ];
      expect(summaryOf(plain)).toEqual(both);
      expect(summaryOf(numbered(outer, 8))).toEqual(both);
    },
  );

  it.each<[string, Buffer, string]>([
    [
      'a codec that nobody knows',
      recoded(batchOf([NOTE, NOTE], 4), 6, (bytes) => bytes),
      'compressed by codec 6, which is unknown',
    ],
    [
      'gzip that is none',
      recoded(batchOf([NOTE, NOTE], 4), GZIP, (bytes) => bytes),
      'incorrect header check',
    ],
    [
      'zstd that is none',
      recoded(batchOf([NOTE, NOTE], 4), ZSTD, (bytes) => bytes),
      'Unknown frame descriptor',
    ],
    [
      'LZ4 that is none',
      recoded(batchOf([NOTE, NOTE], 4), LZ4, (bytes) => bytes),
      'no frame of LZ4',
    ],
    [
      'Snappy that is none',
      recoded(batchOf([NOTE, NOTE], 4), SNAPPY, () => Buffer.from([9, 255])),
      'beyond|outside|range|RangeError',
    ],
    [
      'records that are cut off',
      recoded(batchOf([NOTE, NOTE], 4), 0, (bytes) => bytes.subarray(0, -9)),
      'a record leads beyond the end of its batch',
    ],
  ])('reports a whole batch as unreadable, and reads on: %s', (_what, broken, cause) => {
    const found = summaryOf(Buffer.concat([broken, batchOf([NOTE], 6)]));

    expect(found).toEqual([
      ['5', expect.stringMatching(new RegExp(`^unreadable: .*(${cause})`))],
      ['6', NOTE.value],
    ]);
  });

  it('keeps the place of a batch that compaction has left without records', () => {
    const empty = recoded(batchOf([NOTE]), 0, () => Buffer.alloc(0));
    empty.writeInt32BE(0, COUNT_AT);
    empty.writeInt32BE(8, LAST_AT);

    expect(decodeLog(sealed(empty), ALL)).toMatchObject([{ offset: '8', isControlRecord: true }]);
  });

  it('gives each record the offsets and the leader epoch of its batch', () => {
    const batch = batchOf([NOTE, NOTE], 5);
    batch.writeInt32BE(7, EPOCH_AT);

    expect(decodeLog(batch, ALL)[1]?.batchContext).toEqual({
      producerId: '-1',
      inTransaction: false,
      firstOffset: 5,
      nextOffset: 7,
      checksum: batch.readUInt32BE(17),
      leaderEpoch: 7,
      logStart: 0,
    });
  });
});

describe('LZ4 and Snappy', () => {
  it.each([
    ['Snappy', snappyDecompress],
    [
      'LZ4',
      (bytes: Buffer, limit: number) =>
        lz4Decompress(Buffer.concat([Buffer.from('04224d186040c0', 'hex'), bytes]), limit),
    ],
  ] as const)(
    '%s: any bytes are taken apart or refused, never more than the limit',
    (_name, decompress) =>
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          try {
            expect(decompress(Buffer.from(bytes), 10_000).length).toBeLessThanOrEqual(10_000);
          } catch (error) {
            expect(error).toMatchObject({ name: 'RangeError' });
          }
        }),
      ),
  );

  it('Snappy: literals, copies by one, two and four bytes, and copies that overlap', () => {
    const block = Buffer.concat([
      Buffer.from([26, 3 << 2]),
      Buffer.from('abcd'),
      Buffer.from([0b0000_0001 | (4 << 2), 4, (5 << 2) | 2, 1, 0, (7 << 2) | 3, 8, 0, 0, 0]),
    ]);

    expect(snappyDecompress(block, 100).toString()).toBe(
      `abcd${'abcdabcd'}${'d'.repeat(6)}${'cddddddd'.slice(0, 8)}`,
    );
  });
});
