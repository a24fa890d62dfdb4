import { listOf, mapOf, textLike, type ValueCheck } from './check.js';

/** Statuses that a test wrote for payments to a destination, in the venue's own words, documented or not. They replace the venue's usual script. */
export type Scripts = Readonly<Record<string, readonly string[]>>;

/** Entry in `status_ms` with the default duration, for statuses without an entry. */
export const ANY_OTHER_STATUS = 'other';

const PREFIX = 'scripted ';

export const scriptsLike = (status: RegExp): ValueCheck =>
  mapOf(/^.{1,256}$/, listOf(textLike(status)));

/** Name of the script written for payments to this destination; null where there is none. Letters of any case are the same. */
export function customScript(scripts: Scripts, destination: string): string | null {
  const [, statuses = []] =
    Object.entries(scripts).find(([one]) => one.toLowerCase() === destination.toLowerCase()) ?? [];
  return statuses.length === 0 ? null : PREFIX + statuses.join(' ');
}

/** Returns the statuses in the name of a custom script; null for a script of the venue. */
export function statusesOf(script: string): readonly string[] | null {
  return script.startsWith(PREFIX) ? script.slice(PREFIX.length).split(' ') : null;
}
