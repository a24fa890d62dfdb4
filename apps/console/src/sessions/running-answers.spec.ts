import { RunningAnswers } from './running-answers.js';

describe('running answers', () => {
  it('are cut with the end of their session, and not those that began during the look', () => {
    const running = new RunningAnswers();
    const [ended, live] = [running.begin('ended'), running.begin('live')];
    const asked = running.sessions();
    const begunMeanwhile = running.begin('new');

    running.keepLive(asked, new Set(['live']));

    const cut = [ended, live, begunMeanwhile].map(({ signal }) => signal.aborted);
    expect(cut).toEqual([true, false, false]);
  });

  it('of an ended session are all cut, also those that began during the look', () => {
    const running = new RunningAnswers();
    running.begin('ended');
    const asked = running.sessions();
    const begunMeanwhile = running.begin('ended');

    running.keepLive(asked, new Set());

    expect(begunMeanwhile.signal.aborted).toBe(true);
  });
});
