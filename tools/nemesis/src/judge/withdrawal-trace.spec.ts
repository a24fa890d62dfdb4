import type { Fault } from '../schedule/fault.js';
import { strikeLines } from './withdrawal-trace.js';

const cut = (venue: 'gateio' | 'bybit', struck: number) => ({
  number: 1,
  atMs: 0,
  beganAt: 0,
  struck,
  fault: {
    group: 'venue',
    venue,
    requestFault: { kind: 'cut' },
    share: 1,
    forMs: 1,
  } satisfies Fault,
});

describe('what the faults have struck', () => {
  it('is counted per kind and venue, and what struck nothing is named', () => {
    const kill = { group: 'kill', process: 'ledger.1' } as const satisfies Fault;

    expect(
      strikeLines([
        cut('gateio', 3),
        cut('bybit', 0),
        cut('gateio', 4),
        { number: 2, atMs: 0, beganAt: 0, struck: 0, fault: kill },
      ]),
    ).toEqual([
      '  cut                                  3 injected, struck 7 (bybit none, gateio 7)',
      '  kill                                 1 injected, struck nothing',
    ]);
  });
});
