import { listOf, mapOf, textLike, type Check } from './check.js';

/** Statuses that a test wrote for payments to a destination, in the venue's own words, documented or not. They replace the venue's usual script. */
export type Scripts = Readonly<Record<string, readonly string[]>>;

/** The status, in `status_ms`, whose time counts for all that have none of their own. */
export const ANY_OTHER_STATUS = 'other';

const PREFIX = 'scripted ';

export const scriptsLike = (status: RegExp): Check => mapOf(/^.{1,256}$/, listOf(textLike(status)));

/** Name of the script written for payments to this destination; null where there is none. Letters of any case are the same. */
export function customScript(scripts: Scripts, destination: string): string | null {
  const [, statuses = []] =
    Object.entries(scripts).find(([one]) => one.toLowerCase() === destination.toLowerCase()) ?? [];
  return statuses.length === 0 ? null : PREFIX + statuses.join(' ');
}

/** The statuses in the name of such a script; null for one of the venue's own. */
export function statusesOf(script: string): readonly string[] | null {
  return script.startsWith(PREFIX) ? script.slice(PREFIX.length).split(' ') : null;
}
