import {
  pause,
  connectorOf,
  coreWith,
  count,
  type Counts,
  type Environment,
  type ServiceName,
  SIMULATED_NAMES,
  usualFormsOf,
  verdictLine,
} from '@sluice/stack';
import { CLOCK_OFFSETS_MS } from '@sluice/test-kit';
import { judgeAll, type Case } from './judge/judge-all.js';
import { reportOf, type Report } from './run/report.js';
import { untilQuiet } from './run/run.js';
import type { RunContext } from './run/with-system.js';
import { venueOfConnector, type InstanceName } from './system/names.js';

/** Faults at the venues while the clock is off. */
const TROUBLES = ['answers cut', 'listing lags 30 s'] as const;
type Trouble = (typeof TROUBLES)[number];

/**
 * Connectors are independent of each other: each has a column of its own, and the rows of all
 * connectors run in parallel.
 */
const ROWS: readonly (readonly ServiceName[])[] = [
  SIMULATED_NAMES.map(connectorOf),
  ...coreWith(SIMULATED_NAMES)
    .toReversed()
    .map((name) => [name]),
];

const SENT_BEFORE_MS = 2_500;
/**
 * Duration of the clock fault (`offForMs`), and silence after which a connector may conclude
 * absence (`silenceMs`). The silence is well below the duration and longer than the listing lag.
 */
const CUT = { silenceMs: 8_000, offForMs: 16_000 };
const LAG = { silenceMs: 38_000, offForMs: 50_000 };

/**
 * Silence after which a connector may conclude absence. Production's 15 minutes per cell would make
 * the table last a day; only this table uses shorter times. Seeded runs and scenarios use
 * production's times.
 */
function hasty(ms: number): Environment {
  return { ABSENCE_AFTER_MS: String(ms), HONOURED_FOR_MS: String(ms) };
}

interface Cell {
  readonly service: ServiceName;
  readonly offsetMs: number;
  readonly trouble: Trouble;
  readonly references: Set<string>;
}

/**
 * Tests each process × each offset × each trouble. Orders are sent with the right clock and the
 * responses are lost. Then the clock jumps, and more withdrawals are requested.
 */
export async function runClockTable(
  context: RunContext,
  only: string | undefined,
): Promise<Report> {
  const cells: Cell[] = [];
  const rows = ROWS.map((row) =>
    row.filter((service) => only === undefined || service.includes(only)),
  ).filter((row) => row.length > 0);
  for (const row of rows) {
    await alone(context, row, async () => {
      for (const offsetMs of CLOCK_OFFSETS_MS) {
        for (const trouble of TROUBLES)
          if (!context.ended.aborted)
            cells.push(...(await runCells(context, row, offsetMs, trouble)));
      }
    });
  }
  context.note('every clock is right; waiting until every withdrawal has ended');
  const quietMs = await untilQuiet(context);
  context.ended.throwIfAborted();
  const judgement = await judgeAll(context.system, context.admin, context.load);
  const table = cells.map((cell) => ({ ...cell, counts: countsOf(cell, judgement.cases) }));
  for (const line of tableLines(table)) context.note(line);
  const report = await reportOf(
    'clock table',
    { judgement, injected: [], quietMs },
    context,
    'npm run nemesis -- --clock-table',
  );
  return {
    ...report,
    json: {
      ...report.json,
      table: table.map(({ references, ...cell }) => ({ ...cell, references: [...references] })),
    },
  };
}

/**
 * Stops the second instance of each service: only the process with the moved clock works.
 * intake-api keeps both instances, because an instance sweeps work needed by the other.
 */
async function alone(
  { system }: RunContext,
  row: readonly ServiceName[],
  work: () => Promise<void>,
): Promise<void> {
  const seconds = row
    .filter((service) => service !== 'intake-api')
    .map((service) => system.instance(`${service}.2`));
  await Promise.all(seconds.map((instance) => instance.stop()));
  await work();
  await Promise.all(seconds.map((instance) => instance.start()));
}

async function runCells(
  context: RunContext,
  row: readonly ServiceName[],
  offsetMs: number,
  trouble: Trouble,
): Promise<readonly Cell[]> {
  const { system, load, ended, note } = context;
  const cells = row.map((service): Cell => ({ service, offsetMs, trouble, references: new Set() }));
  note(
    `  ${offsetMs > 0 ? '+' : '−'}${Math.abs(offsetMs) / 1_000} s, ${trouble}: ${row.join(', ')}`,
  );
  const askAll = (): void => {
    for (const cell of cells) {
      const venue = venueOfConnector(cell.service);
      for (const one of venue === undefined ? SIMULATED_NAMES : [venue]) {
        for (const form of usualFormsOf(one))
          cell.references.add(load.askOne({ forms: [form], plain: true }).order.reference);
      }
    }
  };
  const { silenceMs, offForMs } = trouble === 'answers cut' ? CUT : LAG;
  for (const venue of SIMULATED_NAMES)
    await system.book(venue).settings({ listing_delay_ms: trouble === 'answers cut' ? 0 : 30_000 });
  const stops = SIMULATED_NAMES.map((venue) =>
    system.disturbVenue(venue, { requestFault: { kind: 'cut' }, share: 1 }),
  );
  askAll();
  await pause(SENT_BEFORE_MS, ended);
  for (const service of row) move(context, `${service}.1`, offsetMs, silenceMs);
  await pause(1_000, ended);
  askAll();
  await pause(row.some((service) => venueOfConnector(service)) ? offForMs : CUT.offForMs, ended);
  for (const stop of stops) stop();
  for (const service of row) system.instance(`${service}.1`).setClock(0);
  return cells;
}

function move(
  { system }: RunContext,
  name: InstanceName,
  offsetMs: number,
  silenceMs: number,
): void {
  const instance = system.instance(name);
  instance.setEnvironment(name.startsWith('connector-') ? hasty(silenceMs) : {});
  instance.setClock(offsetMs);
  system.killed.add(name);
  instance.kill();
}

function countsOf({ references }: Cell, cases: readonly Case[]): Counts {
  return count(cases.filter(({ asked }) => references.has(asked.order.reference)));
}

function tableLines(
  cells: readonly (Omit<Cell, 'references'> & { readonly counts: Counts })[],
): string[] {
  const services = [...new Set(cells.map(({ service }) => service))];
  return services.flatMap((service) => [
    service,
    ...cells
      .filter((cell) => cell.service === service)
      .map(
        ({ offsetMs, trouble, counts }) =>
          `  ${`${offsetMs > 0 ? '+' : '−'}${Math.abs(offsetMs) / 1_000} s`.padStart(8)}  ${trouble.padEnd(18)}  ${verdictLine(counts)}`,
      ),
  ]);
}
