import { ApiError } from './api-error.js';

describe('ApiError', () => {
  it('is readable as UTF-8 although it quotes half of a surrogate pair', () => {
    const error = ApiError.invalid([`a\ud8b8: Unknown field`]);

    expect(error.message).toBe('a\ufffd: Unknown field');
    expect(error.getResponse()).toEqual({ success: false, message: 'a\ufffd: Unknown field' });
  });
});
