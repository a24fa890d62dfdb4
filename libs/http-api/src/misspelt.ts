import 'reflect-metadata';
import { distance } from 'fastest-levenshtein';

const FIELD_NAMES = 'sluice:field-names';
const ALIASES = 'sluice:aliases';
/** Longer names are nobody's slip of the pen. */
const LONGEST = 40;

/** Keeps the name of a field of a DTO class, for those who ask which it has. */
export function rememberField(prototype: object, name: string | symbol): void {
  Reflect.defineMetadata(FIELD_NAMES, [...namesOf(prototype), String(name)], prototype);
}

/**
 * On a DTO: a field that it does not have and that nearly is one of its own, or one of `aliases` (in small letters alone), is refused with
 * a hint. Any other unknown field is ignored.
 */
export function RefuseMisspelt(aliases: Readonly<Record<string, string>> = {}): ClassDecorator {
  return (dto) => Reflect.defineMetadata(ALIASES, new Map(Object.entries(aliases)), dto);
}

/** As `field: reason`, for each misspelt name of what was given. */
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

/** The same but for case and punctuation, or one letter off; two in a long name. */
function isNear(name: string, given: string): boolean {
  return distance(name, given) <= (name.length > 8 ? 2 : 1);
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function namesOf(prototype: object): readonly string[] {
  return (Reflect.getMetadata(FIELD_NAMES, prototype) as readonly string[] | undefined) ?? [];
}
