import { FORM } from '../testkit/given-queue.js';
import { VenueProof } from './venue-proof.js';

const HOUR_MS = 3_600_000;
const WENT_BACK_AT = new Date('2026-01-01T00:00:00Z');

describe('the absence of a payment after a restore of the database', () => {
  const proofFor = (forgottenForMs?: number): VenueProof =>
    new VenueProof(
      {
        capabilities: {
          venue: 'v',
          forms: [{ ...FORM, ...(forgottenForMs !== undefined && { forgottenForMs }) }],
        },
        list: () => Promise.reject(new Error('not listed')),
      },
      { earliest: () => null, latest: () => null, unknownBecause: () => null, jumps: 0 },
    );
  const after = (ms: number | null) => ({
    form: FORM.form,
    went_back_at: ms === null ? null : WENT_BACK_AT,
    went_back_ms: ms,
  });

  it('is refused as long as the venue may execute a lost request', () => {
    expect(proofFor(3 * HOUR_MS).remembered(after(2 * HOUR_MS))).toEqual({
      ok: false,
      refusal: { kind: 'too_early', from: new Date('2026-01-01T03:00:00Z') },
    });
  });

  it.each([
    ['after that time', 3 * HOUR_MS, 3 * HOUR_MS],
    ['without a restore', 3 * HOUR_MS, null],
    ['at a venue that executes no lost request', undefined, 0],
  ])('may be decided %s', (_when, forgottenForMs, ms) => {
    expect(proofFor(forgottenForMs).remembered(after(ms)).ok).toBe(true);
  });
});
