import { timelineOf } from './timeline.js';

const minute = (at: number) => `2026-11-30T14:0${at}:00.000Z`;

describe('the timeline', () => {
  it('has the facts of all services in the order of their times', () => {
    const submission = {
      attempts: [
        {
          number: 1,
          intended_at: minute(2),
          answered_at: minute(3),
          response_status: null,
          cause: 'timeout',
        },
      ],
      cases: [],
      decisions: [
        {
          decided_at: minute(5),
          decision: 'paid' as const,
          decided_by: 'olga',
          confirmed_by: 'peter',
        },
      ],
    };
    const items = timelineOf(
      {
        history: [
          {
            sequence: 1,
            from: null,
            to: 'requested',
            trigger: 'hold_placed',
            detail: null,
            at: minute(0),
          },
          {
            sequence: 2,
            from: 'requested',
            to: 'uncertain',
            trigger: 'unknown',
            detail: 'no answer',
            at: minute(4),
          },
        ],
        routing: [
          {
            sequence: 1,
            at: minute(1),
            after: 'request',
            venue: 'gateio',
            named: false,
            passed: [{ venue: 'bybit', because: 'halted' }],
          },
        ],
        cases: [],
      },
      [{ service: 'connector-gateio', submission }],
      [{ kind: 'capture', entry_id: 'e', recorded_at: minute(6) }],
    );

    expect(items.map(({ source, title, detail, state }) => [source, title, detail, state])).toEqual(
      [
        ['intake-api', 'hold placed', null, 'requested'],
        ['intake-api', 'Routed to gateio', 'not bybit: halted', null],
        ['connector-gateio', 'Attempt 1 is sent', null, null],
        ['connector-gateio', 'Attempt 1: no answer', 'timeout', null],
        ['intake-api', 'unknown', 'no answer', 'uncertain'],
        ['connector-gateio', 'Decided: paid', 'olga, confirmed by peter', null],
        ['ledger', 'Booked: capture', 'entry e', null],
      ],
    );
  });
});
