import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import { approvalDigest, paymentDigest } from './digests.js';

describe('canonical JSON', () => {
  it('has the names of each object in order, and keeps the order of lists', () =>
    expect(canonicalJson({ b: [3, { z: null, a: 'ä' }], a: { d: true, c: '1' } })).toBe(
      '{"a":{"c":"1","d":true},"b":[3,{"a":"ä","z":null}]}',
    ));

  it('is equal for equal content', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) =>
        expect(canonicalJson(Object.fromEntries(Object.entries(fields).reverse()))).toBe(
          canonicalJson(fields),
        ),
      ),
    ));
});

describe('the digest of a request', () => {
  it('is that of the service: action, target and canonical content', async () =>
    expect(
      await approvalDigest({
        action: 'lift halt',
        target: 'halt 1',
        request: { evidence: 'seen', a: 1 },
      }),
    ).toBe(
      createHash('sha256').update('lift halt\nhalt 1\n{"a":1,"evidence":"seen"}').digest('hex'),
    ));

  it('differs for another target', async () => {
    const lift = { action: 'lift', target: '1', request: {} };

    expect(await approvalDigest(lift)).not.toBe(await approvalDigest({ ...lift, target: '2' }));
  });

  it('of a payment covers its exact content', async () =>
    expect(await paymentDigest('{"amount":"1.50"}')).toBe(
      createHash('sha256').update('sluice payment approval 1\n{"amount":"1.50"}').digest('hex'),
    ));
});
