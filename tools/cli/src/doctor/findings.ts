import type { FindingDto, UnknownDto } from '@sluice/admin-api';

export type Finding = FindingDto;
export type Unknown = UnknownDto;

/** What was looked at in one place: a service, Kafka, or how they fit together. */
export interface Examined {
  readonly about: string;
  /** The names of what was looked at. */
  readonly checked: readonly string[];
  readonly findings: readonly Finding[];
  /** Looks that failed, or that nobody made possible. */
  readonly unchecked: readonly Unknown[];
  /** What cannot be found out at all. */
  readonly untold: readonly Unknown[];
}

export function examined(about: string, seen: Partial<Omit<Examined, 'about'>>): Examined {
  return { about, checked: [], findings: [], unchecked: [], untold: [], ...seen };
}

const NAMED = 5;

/** The first of many, and how many more there are. */
export function some(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
