import { generateKeyPairSync } from 'node:crypto';
import { publicKeyIn } from './keys.js';

describe('--public-key', () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

  it('takes the PEM that openssl writes, or the line inside of it', () => {
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();

    expect([pem, spki, ` ${spki}\n`, undefined].map((text) => publicKeyIn(text))).toEqual([
      spki,
      spki,
      spki,
      undefined,
    ]);
  });

  it('takes no private key', () => {
    expect(() => publicKeyIn('-----BEGIN PRIVATE KEY-----\nMC4C\n')).toThrow(
      '--public-key takes the PEM of an Ed25519 public key',
    );
  });
});
