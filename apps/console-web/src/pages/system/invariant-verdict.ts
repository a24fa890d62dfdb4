import type { InvariantReportDto } from '@sluice/http-api';
import type { EveryAnswer } from '../../api/queries.js';
import type { Tone } from '../../format/states.js';

/** Verdict of the answers of all services. */
export function verdictOf(answers: readonly EveryAnswer<InvariantReportDto>[]): {
  readonly tone: Tone;
  readonly text: string;
} {
  const reports = answers.flatMap(({ data }) => data ?? []);
  const violated = reports.reduce((sum, { violations }) => sum + violations.length, 0);
  const checked = reports.reduce((sum, report) => sum + report.checked, 0);
  if (violated > 0)
    return { tone: 'bad', text: `${violated} of ${checked} invariants are violated.` };
  return reports.length < answers.length || answers.length === 0
    ? { tone: 'bad', text: 'A service did not answer: nothing is proven.' }
    : { tone: 'good', text: `Each of ${checked} invariants holds.` };
}
