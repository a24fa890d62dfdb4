import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NemesisOptions } from './options.js';
import type { Report } from './run/report.js';
import { codeWithout } from './ablation/code-without.js';
import { SAFETY_RULES, type RuleName } from './ablation/rules.js';

/** Long enough for a kill after a request, and for the effects of the removed rule. */
const SEED_MINUTES = 1;

/** The load of a scenario is the same in each run. */
const SCENARIO_SEED = 1;

/**
 * Runs built services without a safety rule. The report passes if a withdrawal was paid, booked or
 * reported wrongly; a waiting withdrawal does not count.
 */
export async function withoutRule(
  name: RuleName,
  options: NemesisOptions,
  run: (options: NemesisOptions) => Promise<readonly Report[]>,
  say: (line: string) => void,
): Promise<Report> {
  const { about, edits, shownBy } = SAFETY_RULES[name];
  const code = mkdtempSync(join(tmpdir(), 'sluice-without-'));
  try {
    codeWithout(edits, options.code, code);
    say(`\nwithout "${about}"`);
    const [report] = await run({
      ...options,
      code,
      without: [],
      ...('scenario' in shownBy
        ? { scenarios: [shownBy.scenario], seeds: [SCENARIO_SEED] }
        : { seeds: [shownBy.seed], groups: [shownBy.faults], minutes: SEED_MINUTES }),
    });
    if (!report) throw new Error(`the run without ${name} made no report`);
    const holds = report.wrongs > 0;
    const title = `without ${name}`;
    const verdict = `${report.title} is ${holds ? 'red' : 'still green'}: ${report.verdict}`;
    return {
      title,
      verdict,
      holds,
      wrongs: report.wrongs,
      json: { ...report.json, title, verdict, holds },
    };
  } finally {
    rmSync(code, { recursive: true, force: true });
  }
}
