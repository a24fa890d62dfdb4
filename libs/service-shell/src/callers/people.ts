import { errors, type JWTPayload, jwtVerify } from 'jose';
import { ApiError, type Caller, type Role, ROLES } from '@sluice/http-api';
import type { CallerSettings } from './config.js';
import { IssuerAwayError, IssuerKeys, issuerPlaceOf } from './issuer-keys.js';

/** Asymmetric algorithms only: a verifier of tokens cannot create tokens. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256'];
/** A stolen token is worth no more than this. */
const LONGEST_LIFE_S = 3_600;

export class People {
  private readonly keys: IssuerKeys;

  constructor(
    private readonly settings: CallerSettings,
    private readonly now: () => Date,
    nowMs: () => number,
  ) {
    this.keys = new IssuerKeys(issuerPlaceOf(settings), nowMs);
  }

  /** Throws the errors of `jwtVerify`, TokenFault, or IssuerAwayError. */
  async prove(token: string): Promise<{ readonly caller: Caller; readonly expiresAtS: number }> {
    const { oidcIssuer, oidcAudience, oidcRolesClaim } = this.settings;
    const { payload } = await jwtVerify(token, this.keys.keyFor, {
      issuer: oidcIssuer,
      audience: oidcAudience,
      algorithms: ALGORITHMS,
      currentDate: this.now(),
      clockTolerance: CLOCK_TOLERANCE_S,
      maxTokenAge: LONGEST_LIFE_S,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    const { exp = 0, iat = 0 } = payload;
    const name: unknown = payload.sub; // an issuer may send another type than the standard's text
    if (exp - iat > LONGEST_LIFE_S)
      throw new TokenFault('The token lives longer than an hour, which is not allowed here');
    if (typeof name !== 'string' || !isUsableName(name))
      throw new TokenFault('The token has no usable name in its sub claim');
    const roles = rolesIn(payload, oidcRolesClaim);
    const client = clientIn(payload);
    return { caller: { kind: 'person', name, roles, client }, expiresAtS: exp };
  }
}

/** Client that got the token; empty if the token names none, or two different ones. */
function clientIn({ client_id: client, azp }: JWTPayload): string {
  const named = [client, azp].filter((one) => one !== undefined);
  const [first] = named;
  return typeof first === 'string' && named.every((one) => one === first) ? first : '';
}

/** Returns the known roles only; an issuer may use other roles. */
function rolesIn(payload: JWTPayload, claim: string): readonly Role[] {
  const given = payload[claim] ?? claim.split('.').reduce<unknown>(partOf, payload);
  const words: readonly unknown[] = Array.isArray(given) ? given : [];
  return ROLES.filter((role) => words.includes(role));
}

function partOf(whole: unknown, name: string): unknown {
  return typeof whole === 'object' && whole !== null ? Reflect.get(whole, name) : undefined;
}

/** Tolerated clock difference between an issuer and a service, in seconds. */
export const CLOCK_TOLERANCE_S = 5;

/** Refused token. The message is the reason in a sentence. */
export class TokenFault extends Error {
  override readonly name = 'TokenFault';
}

/** 401 for an invalid token, 503 while tokens cannot be verified; rethrows others. */
export function refusalOfToken(error: unknown): ApiError {
  if (error instanceof IssuerAwayError)
    return new ApiError(
      503,
      'The issuer of tokens does not answer the query for its keys: retry soon',
      {
        'retry-after': '5',
      },
    );
  if (error instanceof TokenFault) return new ApiError(401, error.message);
  if (error instanceof errors.JWTExpired)
    return new ApiError(401, 'The token has expired: get a new one');
  if (error instanceof errors.JWTClaimValidationFailed)
    return new ApiError(401, `The token is refused for its ${error.claim} claim`);
  if (error instanceof errors.JWKSNoMatchingKey)
    return new ApiError(401, 'The token is signed with a key that its issuer does not publish');
  if (error instanceof errors.JOSEError)
    return new ApiError(401, 'The token is refused for its form, algorithm or signature');
  throw error;
}

/** The name is written to logs and records. */
const PRINTABLE = /^[\p{L}\p{N}\p{P}\p{S}]{1,128}$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** Characters without a script of their own, for example digits and hyphens. */
const SHARED = '\\p{Script=Common}\\p{Script=Inherited}';

/** A name has the letters of a single line. */
const SCRIPTS = [
  ['Latin'],
  ['Greek'],
  ['Cyrillic'],
  ['Armenian'],
  ['Georgian'],
  ['Hebrew'],
  ['Arabic'],
  ['Devanagari'],
  ['Thai'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Hangul', 'Han'],
].map(
  (scripts) =>
    new RegExp(`^[${SHARED}${scripts.map((script) => `\\p{Script=${script}}`).join('')}]+$`, 'u'),
);

/** Printable, without invisible characters, in a single script. */
export function isUsableName(name: string): boolean {
  const plain = name.normalize('NFKC');
  const isPrintable = [name, plain].every((text) => PRINTABLE.test(text) && !INVISIBLE.test(text));
  return isPrintable && SCRIPTS.some((script) => script.test(plain));
}

/**
 * True for names of one person or alike to a reader: `Peter`, `PETER`, full width `ＰＥＴＥＲ`,
 * look-alike letters.
 */
export function isSamePersonName(first: string, second: string): boolean {
  const skeletons = personNameSkeletons(first);
  return personNameSkeletons(second).some((skeleton) => skeletons.includes(skeleton));
}

/**
 * Names with a common skeleton are one person's. A capital may look Latin where its small letter
 * does not: hence two.
 */
export function personNameSkeletons(name: string): readonly string[] {
  const plain = name.normalize('NFKC');
  return [caseless(latin(plain)), latin(caseless(plain))].map((text) =>
    text.replaceAll('rn', 'm').replaceAll('vv', 'w'),
  );
}

/** Case folding: `ß` becomes `ss`, and a final sigma becomes a sigma. */
function caseless(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

function latin(text: string): string {
  return [...text].map((letter) => LOOK_ALIKES.get(letter) ?? letter).join('');
}

/**
 * Letters and digits like a Latin letter, of Latin, Greek, Cyrillic, Armenian, Hebrew and Arabic,
 * in the confusables of Unicode Technical Standard 39.
 */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  (
    [
      ['01I|ıɡɩʟʋ', 'ollligilv'],
      ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϺϳ', 'abezhlkmnoptyxcmj'],
      ['αγικνορσυϲ', 'ayikvopouc'],
      ['АВЕЅІЈКМНОРСТУХҮԌԚԜҺӀЬ', 'abesljkmhopctyxygqwhlb'],
      ['аеѕіјорсухүԁԍԛԝһӏгѵкмт', 'aesijopcyxydgqwhlrvkmt'],
      ['ՍՏՕԼՈ', 'usoln'],
      ['աօսհոգզցյլ', 'wouhnqqgjl'],
      ['וןסاهہ', 'lloloo'],
    ] as const
  ).flatMap(([letters, twins]) =>
    [...letters].map((letter, at): [string, string] => [letter, twins[at] ?? letter]),
  ),
);
