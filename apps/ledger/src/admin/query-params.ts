import { failure } from './responses.js';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;
const PAGE = 50;
const PAGE_MOST = 500;

/** How many rows a page has: 50 unless asked, at most 500. Throws 400 otherwise. */
export function limitParam(text: string | undefined): number {
  const limit = text === undefined ? PAGE : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MOST)
    throw failure(400, `limit must be 1 to ${PAGE_MOST}`);
  return limit;
}

/** Throws 400 for anything but a UTC time: the database would take more, each in its own way. */
export function timeParam(text: string, name: string): string {
  if (!TIME.test(text) || Number.isNaN(Date.parse(text)))
    throw failure(400, `${name} must be a UTC time such as 2026-11-20T08:00:00.000Z`);
  return text;
}

/** Throws 400 for anything that is not in the list. */
export function oneOf<T extends string>(
  text: string | undefined,
  name: string,
  choices: readonly T[],
): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw failure(400, `${name} must be one of ${choices.join(', ')}`);
  return found;
}
