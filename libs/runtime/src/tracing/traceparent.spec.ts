import { randomUUIDv7 } from 'node:crypto';
import { firstSpanOf, isSampledAt, sampledIds, traceIdOf, traceparentOf } from './traceparent.js';

const ID = '0199a3c4-5b6d-7e8f-9a0b-1c2d3e4f5061';
const TRACE = '0199a3c45b6d7e8f9a0b1c2d3e4f5061';

describe('the trace of a withdrawal', () => {
  it('has its id, and begins with a span that everybody knows', () => {
    expect(traceIdOf(ID)).toBe(TRACE);
    expect(firstSpanOf(TRACE)).toEqual({ traceId: TRACE, spanId: '9a0b1c2d3e4f5061' });
  });

  it.each(['w1', '', '00000000-0000-0000-0000-000000000000', ID.toUpperCase()])(
    'is none for %j',
    (id) => expect(traceIdOf(id)).toBeNull(),
  );

  it('is sampled by the random part of its id, at the configured ratio', () => {
    const traces = Array.from({ length: 4_000 }, () => traceIdOf(randomUUIDv7()) ?? '');
    const sampledAt = (ratio: number) => traces.filter((id) => isSampledAt(ratio, id));

    expect([sampledAt(0).length, sampledAt(1).length]).toEqual([0, traces.length]);
    expect(sampledAt(0.25).length / traces.length).toBeCloseTo(0.25, 1);
    expect(sampledAt(0.5)).toEqual(expect.arrayContaining(sampledAt(0.25)));
  });
});

describe('a traceparent', () => {
  it('of a sampled span is read as it was written', () => {
    const ids = { traceId: TRACE, spanId: 'a'.repeat(16) };
    expect(sampledIds(traceparentOf(ids))).toEqual(ids);
  });

  it.each([
    undefined,
    null,
    7,
    '',
    `00-${TRACE}-${'a'.repeat(16)}-00`,
    `00-${'0'.repeat(32)}-${'a'.repeat(16)}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${'a'.repeat(16)}-01`,
    `00-${TRACE}-${'a'.repeat(16)}-01\nx`,
    `01-${TRACE}-${'a'.repeat(16)}-01`,
  ])('that is %j leads to no span', (text) => expect(sampledIds(text)).toBeNull());
});
