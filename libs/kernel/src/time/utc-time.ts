const UTC = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|\+00:00)$/;
/** Length of a date with hours, minutes and seconds. */
const TO_SECONDS = '2026-11-20T08:00:00'.length;

/**
 * Reads a UTC time of a person or a client: `2026-11-20T08:00:00Z`, with up to six decimals, or with
 * `+00:00`. Null for another form, and for a moment missing in the calendar: 30 February, hour 24,
 * second 60. `Date` alone would read such a moment as another day.
 */
export function utcTime(text: string): Date | null {
  if (!UTC.test(text)) return null;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return null;
  return time.toISOString().slice(0, TO_SECONDS) === text.slice(0, TO_SECONDS) ? time : null;
}
