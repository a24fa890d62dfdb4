import { generateKeyPairSync } from 'node:crypto';
import { RequestSigner } from './request-signature.js';

describe('a private key', () => {
  it('that is of another kind, or public, is refused', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const { publicKey } = generateKeyPairSync('ed25519');

    for (const privateKey of [ec, publicKey])
      expect(() => new RequestSigner({ keyId: 'ck', privateKey })).toThrow(
        'privateKey: Key should be a private Ed25519 key',
      );
  });

  it('that is none is refused', () => {
    expect(() => new RequestSigner({ keyId: 'ck', privateKey: 'nonsense' })).toThrow();
  });
});
