import { pause, type System } from '@sluice/stack';
import { startMeter, warn } from '../machine/machine.js';
import type { Verdict } from '../soak/verdicts.js';
import type { LoggedIn } from './logged-in.js';

const [SECONDS, SETTLING_MS] = [60, 15_000];
const MOST_PERCENT = 0.5;
/** Page of the only open tab; null for no tab. */
const TABS = [null, '/', '/withdrawals'] as const;

interface IdleRow {
  readonly tab: string | null;
  /** CPU of the console's process, in percent of one core. */
  readonly percent: number;
  readonly others_cores: number;
}

interface IdleReport {
  readonly seconds: number;
  readonly tabs: readonly IdleRow[];
  readonly verdicts: readonly Verdict[];
}

interface IdlePlan {
  readonly system: System;
  readonly browser: LoggedIn;
  readonly seconds?: number | undefined;
  readonly say: (line: string) => void;
}

/** CPU of the console's process while no withdrawal is under way. */
export async function measureIdle(plan: IdlePlan): Promise<IdleReport> {
  const { system, browser, seconds = SECONDS, say } = plan;
  const tabs: IdleRow[] = [];
  for (const tab of TABS) {
    const context = await browser.freshContext();
    if (tab !== null) await (await context.newPage()).goto(browser.url + tab);
    await pause(SETTLING_MS);
    const meter = startMeter(() => system.run.processes);
    await pause(seconds * 1_000);
    const spent = meter();
    await context.close();
    const percent = Number(((100 * (spent.cpuMs['console'] ?? 0)) / spent.wallMs).toFixed(2));
    tabs.push({ tab, percent, others_cores: spent.othersCores });
    say(`idle: ${tab ?? 'no tab'} · the console used ${percent} % of a core`);
    warn('idle', spent, say);
  }
  return { seconds, tabs, verdicts: tabs.map(verdictOn) };
}

function verdictOn({ tab, percent }: IdleRow): Verdict {
  return {
    what: tab === null ? 'idle without a tab' : `idle with ${tab} open`,
    ok: percent <= MOST_PERCENT,
    says: `${percent} % of a core, at most ${MOST_PERCENT}`,
  };
}
