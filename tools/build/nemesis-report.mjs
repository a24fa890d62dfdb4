// Counts the nemesis results written with --json: a test for the verdict of each run. A fault not
// playable on this machine counts as a skipped test.
import { existsSync, readFileSync } from 'node:fs';
import { addUp, NOTHING } from './jest-reports.mjs';

/**
 * Counts a report of a single run or of several. A run without a report counts as a failed test.
 */
export function countNemesis(file) {
  if (!existsSync(file))
    return {
      ...NOTHING,
      failed: 1,
      failures: ['nemesis: it ended without a report; see its output above'],
    };
  return addUp([JSON.parse(readFileSync(file, 'utf8'))].flat().map(countRun));
}

export function countRun({ title, verdict, holds, skipped }) {
  const omissions = skipped.map((what) => `nemesis: ${what}`);
  const counts = { ...NOTHING, skipped: omissions.length, omissions };
  return holds
    ? { ...counts, passed: 1 }
    : { ...counts, failed: 1, failures: [`nemesis: ${title}: ${verdict}`] };
}
