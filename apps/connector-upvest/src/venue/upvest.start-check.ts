import { describe as describeAnswer, problemNameOf } from './upvest.answers.js';
import { NOBODYS, type UpvestClient } from './upvest.client.js';

/**
 * Whether our credentials can read back what they pay. There is no list of the whole tenant, so a withdrawal that cannot exist is
 * asked for: `not_found` proves client, signature, token and scope together. Its clock is read first, by which everything is signed. Answers what is wrong, or null.
 */
export async function upvestStartFault(client: UpvestClient): Promise<string | null> {
  if (!(await client.readClock())) return 'the clock of Upvest cannot be read';
  const answer = await client.get(NOBODYS);
  if (
    answer.kind === 'answer' &&
    answer.status === 404 &&
    problemNameOf(answer.json) === 'not_found'
  )
    return null;
  if (answer.kind === 'answer' && answer.status === 200) return null;
  return `withdrawals cannot be read (${describeAnswer(answer)}): without them no outcome can be found again`;
}
