import { pause, RecordedWithdrawals, urlOfAllAccounts, type System } from '@sluice/stack';
import type { CDPSession, Page } from 'playwright-core';
import type { Client } from 'pg';
import type { Load, Observed } from '../load/load.js';
import { openClient } from '../machine/open-client.js';
import { completenessVerdict, type Verdict } from '../soak/verdicts.js';
import type { LoggedIn } from './logged-in.js';
import { flatVerdict } from './slope.js';

const [MINUTES, RATE] = [30, 20];
const MINUTE_MS = 60_000;
/**
 * Growth that still counts as flat. 30 kB a minute are 14 MB in a session of eight hours. The chart of
 * the last hour gets new marks for an hour, and the number of rows varies.
 */
const MOST = { heap_kb: 30, nodes: 10, listeners: 2 } as const;
/** Longest age of what a live page shows: the slow repetition alone would need 30 s. */
const MOST_BEHIND_S = 15;
/** Rows of the list's first page, and the longest wait until they are final. */
const [ROWS, SETTLED_MS] = [50, 40_000];

/** Pages with live updates, each with the time of its newest content. */
const TABS = [
  { path: '/withdrawals', newest: 'tbody tr time' },
  { path: '/', newest: '.panel-note time' },
] as const;

/** A tab at a moment, after a forced garbage collection. */
interface TabLook {
  readonly minute: number;
  readonly heap_kb: number;
  readonly nodes: number;
  readonly listeners: number;
  /** Age of the newest content, by the clock of the database. */
  readonly behind_s: number;
  readonly is_live: boolean;
}

interface TabReport {
  readonly path: string;
  /** Openings of the stream; each end of a token ends a stream. */
  readonly streams: number;
  /** Openings that could not continue after the last event. */
  readonly gaps: number;
  readonly looks: readonly TabLook[];
}

interface LiveReport {
  readonly rate: number;
  readonly minutes: number;
  readonly offered: number;
  readonly captured: number;
  readonly tabs: readonly TabReport[];
  readonly verdicts: readonly Verdict[];
}

interface LivePlan {
  readonly system: System;
  readonly load: Load;
  readonly browser: LoggedIn;
  readonly minutes?: number | undefined;
  readonly rate?: number | undefined;
  readonly say: (line: string) => void;
}

/** Follows a list and the first page under load, and compares the tabs' memory over the minutes. */
export async function measureLive(plan: LivePlan): Promise<LiveReport> {
  const { system, load, browser, minutes = MINUTES, rate = RATE, say } = plan;
  const database = await openClient(urlOfAllAccounts(system.run.databases['intake-api']));
  const tabs: LiveTab[] = [];
  try {
    for (const tab of TABS) tabs.push(await LiveTab.open(browser, tab));
    say(`live: ${rate}/s for ${minutes} minutes`);
    const { offered, captured, looks } = await watched(load, tabs, {
      database,
      minutes,
      rate,
      say,
    });
    const rows = await rowsVerdict(tabs[0], database);
    const reports = tabs.map((tab, at) => tab.report(looks.map((look) => look[at] as TabLook)));
    const verdicts = [completenessVerdict(offered, captured), rows, ...reports.flatMap(verdictsOn)];
    return { rate, minutes, offered, captured, tabs: reports, verdicts };
  } finally {
    await Promise.all(tabs.map((tab) => tab.close()));
    await database.end();
  }
}

async function watched(
  load: Load,
  tabs: readonly LiveTab[],
  {
    database,
    minutes,
    rate,
    say,
  }: { readonly database: Client } & Required<
    Pick<LivePlan, 'say'> & { minutes: number; rate: number }
  >,
): Promise<Observed & { readonly looks: readonly (readonly TabLook[])[] }> {
  const record = new RecordedWithdrawals(database);
  const looks: (readonly TabLook[])[] = [];
  const ended = new AbortController();
  const since = performance.now();
  const look = async (): Promise<void> => {
    while (!ended.signal.aborted && looks.length < Math.floor(minutes)) {
      const minute = looks.length + 1;
      await pause(since + minute * MINUTE_MS - performance.now(), ended.signal);
      const seen: TabLook[] = [];
      for (const tab of tabs) seen.push(await tab.look(minute, record));
      looks.push(seen);
      say(`  minute ${minute}: ${seen.map(described).join(' · ')}`);
    }
  };
  const running = load.run(rate, minutes * 60).finally(() => ended.abort());
  const [result] = await Promise.all([running, look()]);
  return { ...result, looks };
}

function described({ heap_kb, nodes, listeners, behind_s }: TabLook): string {
  return `${heap_kb} kB, ${nodes} nodes, ${listeners} listeners, ${behind_s} s behind`;
}

function verdictsOn({ path, streams, gaps, looks }: TabReport): readonly Verdict[] {
  const flat = (['heap_kb', 'nodes', 'listeners'] as const).map((what) =>
    flatVerdict(
      `${what} of ${path}`,
      looks.map((look) => look[what]),
      { most: MOST[what], unit: what === 'heap_kb' ? 'kB' : what },
    ),
  );
  const behind = Math.max(0, ...looks.map((look) => look.behind_s));
  const isLive = looks.every((look) => look.is_live) && gaps === 1;
  return [
    ...flat,
    {
      what: `newest content of ${path}`,
      ok: behind <= MOST_BEHIND_S,
      says: `at most ${behind} s behind, permitted ${MOST_BEHIND_S}`,
    },
    {
      what: `stream of ${path}`,
      ok: isLive,
      says: `opened ${streams} times, continued ${streams - gaps} times: ${isLive ? 'no gap' : 'GAPS'}`,
    },
  ];
}

/** The list must end with exactly the newest withdrawals of the database, in their last states. */
async function rowsVerdict(tab: LiveTab | undefined, database: Client): Promise<Verdict> {
  const { rows } = await database.query<{ row: string }>(
    `SELECT number || ' ' || replace(state, '_', ' ') AS row FROM withdrawal ORDER BY withdrawal.number DESC LIMIT $1`,
    [ROWS],
  );
  const wanted = rows.map(({ row }) => row);
  for (const until = performance.now() + SETTLED_MS; ; await pause(1_000)) {
    const shown = (await tab?.rows()) ?? [];
    const missing = wanted.filter((row, at) => shown[at] !== row).length;
    const says = `${wanted.length - missing} of the ${wanted.length} newest shown in their last state`;
    if (missing === 0 || performance.now() > until)
      return { what: 'rows of /withdrawals', ok: missing === 0, says };
  }
}

/** A page with live updates in a process of its own. */
class LiveTab {
  private streams = 0;
  private gaps = 0;

  private constructor(
    private readonly page: Page,
    private readonly devTools: CDPSession,
    private readonly tab: (typeof TABS)[number],
  ) {
    page.on('request', (request) => {
      if (!request.url().endsWith('/withdrawals/stream')) return;
      this.streams += 1;
      if (request.headers()['last-event-id'] === undefined) this.gaps += 1;
    });
  }

  static async open(browser: LoggedIn, tab: (typeof TABS)[number]): Promise<LiveTab> {
    const context = await browser.freshContext();
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Performance.enable');
    const live = new LiveTab(page, devTools, tab);
    await page.goto(`${browser.url}${tab.path}`);
    await page.locator(tab.newest).first().waitFor();
    return live;
  }

  async look(minute: number, record: RecordedWithdrawals): Promise<TabLook> {
    await this.page.keyboard.press('Shift'); // without an input the session would end
    const isLive = await this.isLive();
    const shown = await this.page.locator(this.tab.newest).first().getAttribute('datetime');
    const behindMs = (await record.now()) - Date.parse(shown ?? '');
    await this.devTools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.devTools.send('Runtime.getHeapUsage');
    const { metrics } = await this.devTools.send('Performance.getMetrics');
    const metric = (name: string): number =>
      metrics.find((one) => one.name === name)?.value ?? Number.NaN;
    return {
      minute,
      heap_kb: Math.round(usedSize / 1_000),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      behind_s: Number((behindMs / 1_000).toFixed(1)),
      is_live: isLive,
    };
  }

  /** Number and state of each row of the list. */
  rows(): Promise<readonly string[]> {
    return this.page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('tbody tr')].map((row) =>
        [row.querySelector('th'), row.querySelector('.badge')].map((cell) => cell?.textContent.trim()).join(' '))`,
    );
  }

  report(looks: readonly TabLook[]): TabReport {
    return { path: this.tab.path, streams: this.streams, gaps: this.gaps, looks };
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  /** False if the page is without its stream for longer than a connection needs. */
  private async isLive(): Promise<boolean> {
    const note = this.page.getByText('Live', { exact: true });
    return note.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
  }
}
