import { MAX_DECIMALS } from '@sluice/kernel';
import { field, isText, orNull } from './fields.js';
import { listSchema, orNullSchema, textSchema } from './json-schema.js';

/** The length counts code points, as JSON Schema and the REST API do: an emoji is one character of two UTF-16 units. */
export const IsClientReferenceOrNull = field(
  'isClientReferenceOrNull',
  orNull((v) => typeof v === 'string' && isText(256)(v) && [...v].length <= 128),
  'must be 1 to 128 characters or null',
  orNullSchema(textSchema(128)),
);
/** Number of decimals of a currency. */
export const IsDecimals = field(
  'isDecimals',
  (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= MAX_DECIMALS,
  `must be a whole number of at most ${MAX_DECIMALS}`,
  { type: 'integer', minimum: 0, maximum: MAX_DECIMALS },
);

const MOST_PUBLIC_KEYS = 100;

/** Ed25519 keys, SPKI in base64. */
export const IsPublicKeys = field(
  'isPublicKeys',
  (v) => Array.isArray(v) && v.length <= MOST_PUBLIC_KEYS && v.every(isText(128)),
  `must be at most ${MOST_PUBLIC_KEYS} public keys`,
  listSchema(textSchema(128), 0, MOST_PUBLIC_KEYS),
);
