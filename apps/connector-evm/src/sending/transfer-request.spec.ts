import { bodyOf, readBody, readVenueReference, venueReferenceOf } from './transfer-request.js';

const REQUEST = {
  network: 'ETH',
  from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  nonce: 17n,
  hash: `0x${'1'.repeat(64)}`,
  raw: '0x02f86c',
} as const;

describe('a stored request', () => {
  it('is read as it was written', () => {
    expect(readBody({ body: bodyOf(REQUEST) })).toEqual(REQUEST);
  });

  it.each(['{}', '[]', '7', JSON.stringify({ ...REQUEST, nonce: '17', raw: '0x01' })])(
    '%s is no transfer and must not be sent',
    (body) => expect(() => readBody({ body })).toThrow('must not be sent'),
  );

  it('is known to the outside by its nonce, whatever replaces it', () => {
    const reference = venueReferenceOf(REQUEST);

    expect(reference).toBe(`ETH:${REQUEST.from}:17`);
    const { network, from, nonce } = REQUEST;
    expect(readVenueReference(reference)).toEqual({ network, from, nonce });
    expect(readVenueReference('w17')).toBeNull();
  });
});
