import { createPublicKey, type KeyObject } from 'node:crypto';
import { listOf, oneOf, someOf, textLike, type ValueCheck } from './check.js';

/** Checks of key fields common to several venues. */
export const keyName = textLike(/^[\w-]{1,64}$/);
export const keyText = textLike(/^[\x21-\x7e]{1,256}$/);
export const permissionsOf = (known: readonly string[]): ValueCheck => listOf(oneOf(...known));

/** PEM of a public key. */
export const publicKeyPem: ValueCheck = (value, at) =>
  typeof value === 'string' && readPublicKey(value) !== null
    ? null
    : `${at} has to be the PEM of a public key`;

export function readPublicKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null; // the text is not a key
  }
}

/** Checks the fields of a key; `required` fields must be present. */
export function keyFields(
  required: Readonly<Record<string, ValueCheck>>,
  optional: Readonly<Record<string, ValueCheck>>,
): ValueCheck {
  const fields = someOf({ ...required, ...optional });
  return (value, at) => {
    const fault = fields(value, at);
    if (fault !== null) return fault;
    const missing = Object.keys(required).find((name) => !Object.hasOwn(value as object, name));
    return missing === undefined ? null : `${at}.${missing} is missing`;
  };
}
