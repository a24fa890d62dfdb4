import { MESSAGES, ratioToCeiling, ROWS } from './ceiling.js';

describe('the ceiling', () => {
  it('writes for one withdrawal what one left when the yardstick was made, and never less', () => {
    const sumOf = (what: 'rows' | 'updates'): number =>
      Object.values(ROWS).reduce((sum, rows) => sum + rows[what], 0);

    expect({ rows: sumOf('rows'), updates: sumOf('updates'), messages: MESSAGES.each }).toEqual({
      rows: 35,
      updates: 11,
      messages: 14,
    });
  });
});

describe('ratioToCeiling', () => {
  it('is the share of it that was reached, to the thousandth', () => {
    expect(ratioToCeiling(912, 4_300)).toBe(0.212);
  });

  it('is unknown where there is no ceiling, and nothing where nothing was sustained', () => {
    expect(ratioToCeiling(912, 0)).toBeNull();
    expect(ratioToCeiling(0, 4_300)).toBe(0);
  });
});
