// Signatures recorded from real clients. Each vector is one test; a known scheme whose file is missing shows as a skipped test.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signBybit, verifyBybit, type BybitRequest } from './bybit.js';
import { signBitmart, verifyBitmart, type BitmartRequest } from './bitmart.js';
import { signGateio, verifyGateio } from './gateio.js';
import { intakeCanonical, signIntake, verifyIntake } from './intake.js';

interface Scheme {
  sign(vector: Vector, body: string): string;
  verify(vector: Vector, body: string, signature: string): boolean;
  recorded(vector: Vector): string;
  canonical?(vector: Vector): string;
  /** For schemes that do not sign the body of every request: the vector with what is signed changed by one byte. */
  tampered?(vector: Vector): Vector;
  /** Recorded from a client that does not sign this call. */
  unsigned?(vector: Vector): boolean;
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
  memo?: string;
  signedRule?: string;
  headers?: Record<string, string>;
}

const SCHEMES: Record<string, Scheme> = {
  'gateio.json': {
    sign: (vector, body) => signGateio(vector.secret, { ...vector, body, timestamp: header(vector, 'Timestamp') }),
    verify: (vector, body, signature) => verifyGateio(vector.secret, { ...vector, body, timestamp: header(vector, 'Timestamp') }, signature),
    recorded: (vector) => header(vector, 'SIGN'),
  },
  'bybit.json': {
    sign: (vector, body) => signBybit(vector.secret, bybitRequest(vector, body)),
    verify: (vector, body, signature) => verifyBybit(vector.secret, bybitRequest(vector, body), signature),
    recorded: (vector) => header(vector, 'X-BAPI-SIGN'),
    tampered: (vector) =>
      vector.method === 'GET' ? { ...vector, query: oneByteChanged(vector.query) } : { ...vector, body: oneByteChanged(vector.body) },
  },
  'bitmart.json': {
    sign: (vector, body) => signBitmart(vector.secret, bitmartRequest(vector, body)),
    verify: (vector, body, signature) => verifyBitmart(vector.secret, bitmartRequest(vector, body), signature),
    recorded: (vector) => header(vector, 'X-BM-SIGN'),
    unsigned: (vector) => vector.signedRule === 'none',
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
    if (scheme.unsigned?.(vector)) return expect(() => scheme.recorded(vector)).toThrow('lacks a field');
    const signature = scheme.recorded(vector);

    expect(scheme.canonical?.(vector)).toBe(vector.canonical);
    expect(scheme.sign(vector, vector.body)).toBe(signature);
    expect(scheme.verify(vector, vector.body, signature)).toBe(true);
    const tampered = scheme.tampered?.(vector) ?? { ...vector, body: oneByteChanged(vector.body) };
    expect(scheme.verify(tampered, tampered.body, signature)).toBe(false);
    expect(scheme.verify(vector, vector.body, oneByteChanged(signature))).toBe(false);
  });
}

/** A GET is signed over its query, with or without the `?`: clients differ. */
function bitmartRequest(vector: Vector, body: string): BitmartRequest {
  const query = vector.signedRule === 'timestamp#memo#?query' ? `?${vector.query}` : vector.query;
  return { timestamp: header(vector, 'X-BM-TIMESTAMP'), memo: field(vector.memo), content: query + body };
}

function bybitRequest(vector: Vector, body: string): BybitRequest {
  return {
    ...vector,
    body,
    apiKey: header(vector, 'X-BAPI-API-KEY'),
    timestamp: header(vector, 'X-BAPI-TIMESTAMP'),
    recvWindow: header(vector, 'X-BAPI-RECV-WINDOW'),
  };
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
