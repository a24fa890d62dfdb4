// Signatures recorded from real clients. Each vector is one test; a known scheme whose file is missing shows as a skipped test.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signGateio, verifyGateio } from './gateio.js';
import { intakeCanonical, signIntake, verifyIntake } from './intake.js';

interface Scheme {
  sign(vector: Vector, body: string): string;
  verify(vector: Vector, body: string, signature: string): boolean;
  recorded(vector: Vector): string;
  canonical?(vector: Vector): string;
}

interface Vector {
  name: string;
  method: string;
  path: string;
  query: string;
  body: string;
  secret: string;
  oracle?: string;
  timestamp?: string;
  signature?: string;
  canonical?: string;
  headers?: Record<string, string>;
}

const SCHEMES: Record<string, Scheme> = {
  'gateio.json': {
    sign: (vector, body) => signGateio(vector.secret, { ...vector, body, timestamp: header(vector, 'Timestamp') }),
    verify: (vector, body, signature) => verifyGateio(vector.secret, { ...vector, body, timestamp: header(vector, 'Timestamp') }, signature),
    recorded: (vector) => header(vector, 'SIGN'),
  },
  'cpg.json': {
    sign: (vector, body) => signIntake(vector.secret, { ...vector, body, timestamp: field(vector.timestamp) }),
    verify: (vector, body, signature) => verifyIntake(vector.secret, { ...vector, body, timestamp: field(vector.timestamp) }, signature),
    recorded: (vector) => field(vector.signature),
    canonical: (vector) => intakeCanonical({ ...vector, timestamp: field(vector.timestamp) }),
  },
};

const folder = process.env['SLUICE_VECTORS'] || fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));

for (const [file, scheme] of Object.entries(SCHEMES)) {
  const path = join(folder, file);
  describe(file, () => {
    if (existsSync(path)) testVectors(JSON.parse(readFileSync(path, 'utf8')) as Vector[], scheme);
    else it.skip(`is not in the vectors folder (SLUICE_VECTORS): nothing was checked`, () => {});
  });
}

function testVectors(vectors: readonly Vector[], scheme: Scheme): void {
  it('holds vectors', () => expect(vectors.length).toBeGreaterThan(0));

  it.each(vectors.map((vector) => [vector.oracle ?? 'own', vector.name, vector] as const))('%s: %s', (_oracle, _name, vector) => {
    const signature = scheme.recorded(vector);

    expect(scheme.canonical?.(vector)).toBe(vector.canonical);
    expect(scheme.sign(vector, vector.body)).toBe(signature);
    expect(scheme.verify(vector, vector.body, signature)).toBe(true);
    expect(scheme.verify(vector, oneByteChanged(vector.body), signature)).toBe(false);
    expect(scheme.verify(vector, vector.body, oneByteChanged(signature))).toBe(false);
  });
}

/** Changes the last byte; an empty text gains one. */
function oneByteChanged(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

function header(vector: Vector, name: string): string {
  return field(vector.headers?.[name]);
}

function field(value: string | undefined): string {
  if (value === undefined) throw new Error('the vector lacks a field that its scheme needs');
  return value;
}
