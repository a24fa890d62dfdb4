// Signatures of the public API under Ed25519 keys. Each vector is one test.
import { createPrivateKey } from 'node:crypto';
import { intakeCanonical, signIntakeEd25519, verifyIntakeEd25519 } from './intake.js';
import { describeVectors, type RecordedVector } from './testkit/recorded-vectors.js';

interface Vector extends RecordedVector {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly timestamp: string;
  readonly private_seed: string;
  readonly public_key: string;
  readonly canonical: string;
  readonly signature: string;
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const PKCS8 = '302e020100300506032b657004220420';

describeVectors<Vector>('cpg-ed25519.json', (vectors) => {
  it.each(vectors)('%s', (_title, vector) => {
    const der = Buffer.from(`${PKCS8}${vector.private_seed}`, 'hex');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });

    expect(intakeCanonical(vector)).toBe(vector.canonical);
    expect(signIntakeEd25519(key, vector)).toBe(vector.signature);
    expect(verifyIntakeEd25519(vector.public_key, vector, vector.signature)).toBe(true);
    expect(verifyIntakeEd25519(vector.public_key, { ...vector, body: 'x' }, vector.signature)).toBe(
      false,
    );
  });
});
