import { answersOf } from './rpc-answer.js';

const answer = (json: unknown, status = 200) => ({
  ...({ kind: 'answer', status, headers: {}, text: '' } as const),
  json,
});

describe('the answers of a batch', () => {
  it('are told in the order of the calls, in whatever order they came', () => {
    const json = [
      { id: 1, error: { code: -32000, message: 'nonce too low' } },
      { id: 0, result: '0x1' },
    ];

    expect(answersOf(answer(json), 2)).toEqual([
      { kind: 'result', result: '0x1' },
      { kind: 'error', message: '-32000 nonce too low' },
    ]);
  });

  it('are broken where a call was left out, or has neither result nor error', () => {
    expect(answersOf(answer([{ id: 1 }]), 2)).toEqual([
      { kind: 'broken', cause: 'the node left this call out' },
      { kind: 'broken', cause: 'an answer without a result' },
    ]);
  });

  it('are null where the node says null', () => {
    expect(answersOf(answer([{ id: 0, result: null }]), 1)).toEqual([
      { kind: 'result', result: null },
    ]);
  });

  it('are broken, and refused by nobody, where the whole batch was answered by one error', () => {
    const json = { id: null, error: { code: -32005, message: 'too many requests' } };

    expect(answersOf(answer(json, 429), 2)).toEqual([
      { kind: 'broken', cause: 'status 429 for the whole batch: -32005 too many requests' },
      { kind: 'broken', cause: 'status 429 for the whole batch: -32005 too many requests' },
    ]);
  });

  it.each(['not_sent', 'broken'] as const)('are all %s where the request was', (kind) => {
    const failed =
      kind === 'not_sent' ? { kind, cause: 'c' } : { kind, cause: 'c', status: null, text: '' };

    expect(answersOf(failed, 2)).toEqual([
      { kind, cause: 'c' },
      { kind, cause: 'c' },
    ]);
  });
});
