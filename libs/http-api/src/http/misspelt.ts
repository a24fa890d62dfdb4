import 'reflect-metadata';
import { distance } from 'fastest-levenshtein';

const FIELD_NAMES = 'sluice:field-names';
const ALIASES = 'sluice:aliases';
/** Longest name checked for a misspelling, in letters and digits. */
const LONGEST = 40;

/** Stores the name of a DTO class's field for `misspeltFaults`. */
export function rememberField(prototype: object, name: string | symbol): void {
  Reflect.defineMetadata(FIELD_NAMES, [...namesOf(prototype), String(name)], prototype);
}

/**
 * Decorates a DTO: rejects an unknown field with a hint if the name is nearly a declared field.
 * Names in `aliases` (keys in lower-case letters and digits) are also rejected. Other unknown
 * fields are ignored.
 */
export function RefuseMisspelt(aliases: Readonly<Record<string, string>> = {}): ClassDecorator {
  return (dto) => Reflect.defineMetadata(ALIASES, new Map(Object.entries(aliases)), dto);
}

/** Returns `field: reason` for each misspelt name in the given object. */
export function misspeltFaults(dto: { readonly prototype: object }, given: object): string[] {
  const aliases = Reflect.getMetadata(ALIASES, dto) as ReadonlyMap<string, string> | undefined;
  if (!aliases) return [];
  const known = namesOf(dto.prototype);
  return Object.keys(given).flatMap((name) => {
    const meant = known.includes(name) ? undefined : meantBy(lettersOf(name), known, aliases);
    return meant === undefined ? [] : [`${name}: Unknown field; did you mean ${meant}?`];
  });
}

function meantBy(
  letters: string,
  known: readonly string[],
  aliases: ReadonlyMap<string, string>,
): string | undefined {
  if (letters.length > LONGEST) return undefined;
  return aliases.get(letters) ?? known.find((name) => isNear(lettersOf(name), letters));
}

/**
 * True if the names differ by a single letter at most, or by two in a name of more than 8 letters.
 * Case and punctuation are ignored.
 */
function isNear(name: string, given: string): boolean {
  return distance(name, given) <= (name.length > 8 ? 2 : 1);
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function namesOf(prototype: object): readonly string[] {
  return (Reflect.getMetadata(FIELD_NAMES, prototype) as readonly string[] | undefined) ?? [];
}
