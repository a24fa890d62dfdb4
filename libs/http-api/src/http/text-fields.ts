import { identifierFault, visibleTextFault } from '@sluice/kernel';
import { TextField, type FieldOptions } from './fields.js';

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
