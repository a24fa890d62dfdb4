// Counts what the nemesis wrote with --json: one test for the verdict of each run; a fault that this machine cannot play is a skipped one.
import { existsSync, readFileSync } from 'node:fs';
import { addUp, NOTHING } from './jest-reports.mjs';

/** Of one run or of several. A run that left no report counts as one failed test. */
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
