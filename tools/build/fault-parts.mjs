// Divides the files of the fault tests into parts of about equal time. CI runs another part each
// day; `npm test -- faults --part 3/8` names a part, and `npm run test:faults` runs all files.
import { globSync } from 'node:fs';
import { SECONDS } from './test-seconds.mjs';

const PARTS = 8;
/** Counted for a file without a measurement. */
const UNMEASURED_SECONDS = 120;

/** The part of a day: eight days in a row run all files. */
export function partOfDay(now) {
  const day = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const dayOfYear = (day - Date.UTC(now.getUTCFullYear(), 0, 1)) / 86_400_000;
  return `${(dayOfYear % PARTS) + 1}/${PARTS}`;
}

/** Returns the files of a part such as `3/8`, by name. The same files always give the same parts. */
export function filesOfPart(text, files = faultFiles(), seconds = SECONDS) {
  const { part, of } = readPart(text);
  const secondsOf = (file) => seconds[file] ?? UNMEASURED_SECONDS;
  const longestFirst = files.toSorted(
    (one, other) => secondsOf(other) - secondsOf(one) || one.localeCompare(other),
  );
  const parts = Array.from({ length: of }, () => ({ files: [], seconds: 0 }));
  for (const file of longestFirst) {
    const shortest = parts.reduce((best, one) => (one.seconds < best.seconds ? one : best));
    shortest.files.push(file);
    shortest.seconds += secondsOf(file);
  }
  return parts[part - 1].files.sort();
}

function faultFiles() {
  return globSync('{apps,libs,tools}/*/src/**/*.faults.spec.ts');
}

function readPart(text) {
  const [, part, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text)?.map(Number) ?? [];
  if (part >= 1 && part <= of) return { part, of };
  throw new Error(`--part must be a part and the number of parts, such as 3/8, not ${text}`);
}
