import { kindOf, placeOf } from '../schedule/fault.js';
import type { InjectedFault } from './withdrawal-trace.js';

/** Effects of a kind of fault, by venue or chain if the kind has several places. */
interface Strikes {
  readonly kind: string;
  /** Number of injections. */
  readonly injected: number;
  /** Requests, calls, transactions, chunks, sessions, or processes. */
  readonly struck: number;
  readonly places: Readonly<Record<string, number>>;
}

/** Summarises each injected kind, in alphabetical order. */
export function strikesOf(injected: readonly InjectedFault[]): readonly Strikes[] {
  const byKind = Map.groupBy(injected, ({ fault }) => kindOf(fault));
  return [...byKind]
    .map(([kind, faults]) => ({
      kind,
      injected: faults.length,
      struck: sum(faults),
      places: Object.fromEntries(
        [...Map.groupBy(faults, ({ fault }) => placeOf(fault) ?? '')]
          .filter(([place]) => place !== '')
          .map(([place, ofPlace]) => [place, sum(ofPlace)] as const)
          .sort(([a], [b]) => a.localeCompare(b)),
      ),
    }))
    .sort((a, b) => a.kind.localeCompare(b.kind));
}

/** Readable summary, a line per kind. A fault without effect is reported explicitly. */
export function strikeLines(injected: readonly InjectedFault[]): readonly string[] {
  return strikesOf(injected).map(({ kind, injected: times, struck, places }) => {
    const shown = Object.entries(places).map(([place, count]) => `${place} ${count || 'none'}`);
    const total = struck === 0 ? 'struck nothing' : `struck ${struck}`;
    const where = shown.length > 0 ? ` (${shown.join(', ')})` : '';
    return `  ${kind.padEnd(34)} ${String(times).padStart(3)} injected, ${total}${where}`;
  });
}

function sum(faults: readonly InjectedFault[]): number {
  return faults.reduce((total, { struck = 0 }) => total + struck, 0);
}
