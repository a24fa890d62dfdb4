// Signatures recorded from real clients, of the schemes that are an HMAC. Each vector is one test.
import { existsSync } from 'node:fs';
import { bybitCanonical, signBybit, verifyBybit, type BybitRequest } from './bybit.js';
import { signBitmart, verifyBitmart, type BitmartRequest } from './bitmart.js';
import { gateioCanonical, signGateio, verifyGateio, type GateioRequest } from './gateio.js';
import { intakeCanonical, signIntake, verifyIntake, type IntakeRequest } from './intake.js';
import {
  describeVectors,
  headerOf,
  needed,
  unknownFiles,
  VECTOR_FILES,
  VECTORS_FOLDER,
  type RecordedVector,
} from './testkit/recorded-vectors.js';

interface Vector extends RecordedVector {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly secret: string;
  readonly timestamp?: string;
  readonly signature?: string;
  /** What was signed, where the vector has it. */
  readonly canonical?: string;
  readonly signedString?: string;
  readonly memo?: string;
  readonly signedRule?: string;
}

/** One scheme over its own kind of request. */
interface Scheme<R> {
  request(vector: Vector): R;
  sign(secret: string, request: R): string;
  verify(secret: string, request: R, signature: string): boolean;
  recorded(vector: Vector): string;
  /** What is signed, as text. */
  canonical(request: R): string;
  /** One byte of what is signed is another. */
  tampered(request: R): R;
  /** Recorded from a client that does not sign this call. */
  unsigned?(vector: Vector): boolean;
}

const header = (vector: Vector, name: string): string => needed(headerOf(vector, name), name);

const gateio: Scheme<GateioRequest> = {
  request: (vector) => ({ ...vector, timestamp: header(vector, 'Timestamp') }),
  sign: signGateio,
  verify: verifyGateio,
  recorded: (vector) => header(vector, 'SIGN'),
  canonical: gateioCanonical,
  tampered: (request) => ({ ...request, body: oneByteChanged(request.body as string) }),
};

const bybit: Scheme<BybitRequest> = {
  request: (vector) => ({
    ...vector,
    apiKey: header(vector, 'X-BAPI-API-KEY'),
    timestamp: header(vector, 'X-BAPI-TIMESTAMP'),
    recvWindow: headerOf(vector, 'X-BAPI-RECV-WINDOW') ?? '',
  }),
  sign: signBybit,
  verify: verifyBybit,
  recorded: (vector) => header(vector, 'X-BAPI-SIGN'),
  canonical: (request) => Buffer.from(bybitCanonical(request)).toString('utf8'),
  tampered: (request) =>
    request.method.toUpperCase() === 'GET'
      ? { ...request, query: oneByteChanged(request.query) }
      : { ...request, body: oneByteChanged(request.body as string) },
};

/** What stands behind the memo: clients agree on it for a POST and not for a GET, of which BitMart checks no signature. */
const BITMART_CONTENT: Readonly<Record<string, (vector: Vector) => string>> = {
  'timestamp#memo#body': ({ body }) => body,
  'timestamp#memo#query': ({ query }) => query,
  'timestamp#memo#?query': ({ query }) => `?${query}`,
  'timestamp#memo#': () => '',
};

const bitmart: Scheme<BitmartRequest> = {
  request: (vector) => ({
    timestamp: header(vector, 'X-BM-TIMESTAMP'),
    memo: needed(vector.memo, 'memo'),
    content: bitmartContent(vector),
  }),
  sign: signBitmart,
  verify: verifyBitmart,
  recorded: (vector) => header(vector, 'X-BM-SIGN'),
  canonical: ({ timestamp, memo, content }) => `${timestamp}#${memo}#${content as string}`,
  tampered: (request) => ({ ...request, content: oneByteChanged(request.content as string) }),
  unsigned: (vector) => vector.signedRule === 'none',
};

const intake: Scheme<IntakeRequest> = {
  request: (vector) => ({ ...vector, timestamp: needed(vector.timestamp, 'timestamp') }),
  sign: signIntake,
  verify: verifyIntake,
  recorded: (vector) => needed(vector.signature, 'signature'),
  canonical: intakeCanonical,
  tampered: (request) => ({ ...request, body: oneByteChanged(request.body as string) }),
};

testScheme('gateio.json', gateio);
testScheme('bybit.json', bybit);
testScheme('bitmart.json', bitmart);
testScheme('cpg.json', intake);

describe('the folder of vectors', () => {
  const there = existsSync(VECTORS_FOLDER);

  if (process.env['SLUICE_VECTORS'])
    it(`is there: ${VECTORS_FOLDER}`, () => expect(there).toBe(true));
  for (const file of there ? unknownFiles(VECTORS_FOLDER) : [])
    it.skip(`has ${file}, not checked because it is of no known scheme: vectors are read from ${VECTOR_FILES.join(', ')}`, () => {});
});

function testScheme<R>(file: string, scheme: Scheme<R>): void {
  describeVectors<Vector>(file, (vectors) => {
    it.each(vectors)('%s', (_title, vector) => {
      if (scheme.unsigned?.(vector)) return expect(() => scheme.recorded(vector)).toThrow('lacks');
      const signature = scheme.recorded(vector);
      const request = scheme.request(vector);
      const recorded = vector.canonical ?? vector.signedString;

      if (recorded !== undefined) expect(scheme.canonical(request)).toBe(recorded);
      expect(scheme.sign(vector.secret, request)).toBe(signature);
      expect(scheme.verify(vector.secret, request, signature)).toBe(true);
      expect(scheme.verify(vector.secret, scheme.tampered(request), signature)).toBe(false);
      expect(scheme.verify(vector.secret, request, oneByteChanged(signature))).toBe(false);
    });
  });
}

function bitmartContent(vector: Vector): string {
  const { signedRule = 'timestamp#memo#body' } = vector;
  const content = Object.hasOwn(BITMART_CONTENT, signedRule)
    ? BITMART_CONTENT[signedRule]
    : undefined;
  if (!content)
    throw new Error(
      `no such signedRule: ${signedRule}; there are ${Object.keys(BITMART_CONTENT).join(', ')} and none`,
    );
  return content(vector);
}

/** Changes the last byte; an empty text gains one. */
function oneByteChanged(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}
