import 'reflect-metadata';
import { distance } from 'fastest-levenshtein';

const FIELD_NAMES = 'sluice:field-names';
const MEANING = 'sluice:meaning-of-names';
/** Longest name checked for a misspelling, in letters and digits. */
const LONGEST = 40;

/** Stores the name of a DTO class's field for `misspeltFaults`. */
export function rememberField(prototype: object, name: string | symbol): void {
  Reflect.defineMetadata(FIELD_NAMES, [...namesOf(prototype), String(name)], prototype);
}

/**
 * Returns the field that a client means by a name of another API, given in lower-case letters and
 * digits; undefined: no field.
 */
type MeaningOf = (letters: string) => string | undefined;

/**
 * Decorates a DTO: rejects an unknown field of a body with a hint if the name is nearly a declared
 * field, or has a meaning by `meaningOf`. Other unknown fields of a body are ignored. A query refuses
 * each unknown name also without this decorator; `meaningOf` adds hints.
 */
export function RefuseMisspelt(meaningOf: MeaningOf = () => undefined): ClassDecorator {
  return (dto) => Reflect.defineMetadata(MEANING, meaningOf, dto);
}

/**
 * Returns `field: reason` for each misspelt name of a body. A field with `null` counts as absent,
 * whatever its name is.
 */
export function misspeltFaults(dto: { readonly prototype: object }, given: object): string[] {
  const meaningOf = Reflect.getMetadata(MEANING, dto) as MeaningOf | undefined;
  if (!meaningOf) return [];
  const known = namesOf(dto.prototype);
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === null || known.includes(name)) return [];
    const meant = meaningIn(name, known, meaningOf);
    return meant === undefined ? [] : [`${name}: ${unknownField(meant)}`];
  });
}

/** Returns `name: reason` for each unknown name of a query. */
export function unknownParameters(dto: { readonly prototype: object }, given: object): string[] {
  const meaningOf = Reflect.getMetadata(MEANING, dto) as MeaningOf | undefined;
  const known = namesOf(dto.prototype);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `${name.slice(0, LONGEST)}: ${unknownField(meaningIn(name, known, meaningOf))}`);
}

/** Reason of an unknown name, with the name that the client may mean. */
export function unknownField(meant: string | undefined): string {
  return meant === undefined ? 'Unknown field' : `Unknown field; did you mean ${meant}?`;
}

/** Returns the declared name that the given name spells nearly, or the meaning of the given name. */
export function meaningIn(
  name: string,
  known: readonly string[],
  meaningOf: MeaningOf = () => undefined,
): string | undefined {
  const letters = lettersOf(name);
  if (letters.length > LONGEST) return undefined;
  return meaningOf(letters) ?? known.find((one) => isNear(lettersOf(one), letters));
}

/**
 * True if the names differ by a single letter or by two swapped neighbours at most, or by two letters
 * in a name of more than 8 letters. Both names are in lower-case letters and digits.
 */
export function isNear(name: string, given: string): boolean {
  return distance(name, given) <= (name.length > 8 ? 2 : 1) || isSwapped(name, given);
}

function isSwapped(name: string, given: string): boolean {
  const at = [...name].findIndex((letter, index) => letter !== given[index]);
  const swapped = `${name.slice(0, at)}${name[at + 1] ?? ''}${name[at] ?? ''}${name.slice(at + 2)}`;
  return at >= 0 && swapped === given;
}

export function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function namesOf(prototype: object): readonly string[] {
  return (Reflect.getMetadata(FIELD_NAMES, prototype) as readonly string[] | undefined) ?? [];
}
