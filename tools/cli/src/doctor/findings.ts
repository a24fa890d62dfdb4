import type { FindingDto, UnknownDto } from '@sluice/http-api';
import { FINDINGS } from './finding-texts.js';

export type Finding = FindingDto;
export type Unknown = UnknownDto;

/** Result of the checks in a single place: a service, Kafka, or the whole system. */
export interface Examined {
  readonly about: string;
  /** Names of the completed checks. */
  readonly checked: readonly string[];
  readonly findings: readonly Finding[];
  /** Checks failed or not possible with the given access. */
  readonly unchecked: readonly Unknown[];
  /** Facts not available to any check. */
  readonly untold: readonly Unknown[];
}

export function examined(about: string, seen: Partial<Omit<Examined, 'about'>>): Examined {
  return { about, checked: [], findings: [], unchecked: [], untold: [], ...seen };
}

/** Returns a finding with its texts; `values` replace {0}, {1} and so on. */
export function finding(
  code: keyof typeof FINDINGS,
  ...values: readonly (string | number)[]
): Finding {
  const [wrong = '', follows = '', remedy = ''] = FINDINGS[code]
    .split('\n')
    .map((line) =>
      line.trim().replace(/\{(\d)\}/g, (_: string, at: string) => `${values[Number(at)]}`),
    );
  return { code, wrong, follows, remedy };
}

const NAMED = 5;

/** Lists the first names and the number of further names. */
export function some(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
