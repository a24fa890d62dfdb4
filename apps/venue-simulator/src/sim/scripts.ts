import { listOf, mapOf, textLike, type Check } from './check.js';

/** Statuses that a test wrote for payments to a destination, in the venue's own words, documented or not. They replace the venue's usual course. */
export type Scripts = Readonly<Record<string, readonly string[]>>;

/** The status, in `status_ms`, whose time counts for all that have none of their own. */
export const ANY_OTHER_STATUS = 'other';

const PREFIX = 'scripted ';

export const scriptsLike = (status: RegExp): Check => mapOf(/^.{1,256}$/, listOf(textLike(status)));

/** The course by which a payment to this destination goes; null where nothing is written for it. Letters of any case are the same. */
export function scriptedCourse(scripts: Scripts, destination: string): string | null {
  const [, statuses = []] =
    Object.entries(scripts).find(([one]) => one.toLowerCase() === destination.toLowerCase()) ?? [];
  return statuses.length === 0 ? null : PREFIX + statuses.join(' ');
}

/** The statuses in the name of such a course; null for a course of the venue. */
export function statusesOf(course: string): readonly string[] | null {
  return course.startsWith(PREFIX) ? course.slice(PREFIX.length).split(' ') : null;
}
