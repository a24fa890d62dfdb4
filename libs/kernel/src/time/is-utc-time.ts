const UTC_TIME = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;

/**
 * Tells whether a text is an existing moment in UTC, such as `2026-11-20T08:00:00.000Z`. A day or an
 * hour outside of the calendar is none: JavaScript would read 30 February as 2 March.
 */
export function isUtcTime(text: string): boolean {
  const ms = UTC_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19);
}
