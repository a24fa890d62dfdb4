import { identifierFault, visibleTextFault } from '@sluice/kernel';
import { type FieldOptions, TextField } from './fields.js';

/** Maximum length of a reference of a client, or of a name for people, in code points. */
const LONGEST = 128;

/**
 * The client's reference of a payment, for writing and for searching. Equal-looking references would
 * be two payments: invisible characters, and blanks at an end, are refused.
 */
export function ClientReferenceField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({ max: LONGEST, inCodePoints: true, form: identifierFault }, options);
}

/** Reference of an operator or a client that counts once, in at most 128 UTF-16 units. */
export function OnceField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({ max: LONGEST, form: identifierFault }, options);
}

/** Name for people in one line: blanks of any kind may be inside. */
export function LabelField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({ max: LONGEST, inCodePoints: true, form: visibleTextFault }, options);
}

/**
 * Returns a class with the fields of `base` and further texts, all declared by the same decorator.
 * The further fields come last in the schema.
 */
export function withTexts<B extends object, N extends string>(
  base: new () => B,
  names: readonly N[],
  field: PropertyDecorator,
): new () => B & Readonly<Record<N, string | null>> {
  class Extended extends (base as new () => object) {}
  for (const name of names) field(Extended.prototype, name);
  return Extended as new () => B & Readonly<Record<N, string | null>>;
}
