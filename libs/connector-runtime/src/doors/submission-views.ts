import type { Database } from '@sluice/postgres';

/** What operators see; read straight from the tables. */
export class SubmissionViews {
  constructor(private readonly database: Database) {}

  async submission(withdrawalId: string): Promise<object | null> {
    const [submission] = await this.database.query<{ state: string }>(`${SUBMISSION} WHERE s.withdrawal_id = $1`, [withdrawalId]);
    if (!submission) return null;
    const [attempts, cases, decisions] = await Promise.all([
      this.database.query(ATTEMPTS, [withdrawalId]),
      this.database.query(`${CASES} WHERE withdrawal_id = $1 ORDER BY id`, [withdrawalId]),
      this.database.query(
        'SELECT attempt, from_state, decision, evidence, venue_reference, decided_at FROM decision WHERE withdrawal_id = $1 ORDER BY id',
        [withdrawalId],
      ),
    ]);
    return { ...submission, awaited: AWAITED[submission.state] ?? 'nothing', attempts, cases, decisions };
  }

  async byState(state: string | null): Promise<object[]> {
    return this.database.query(`${SUBMISSION} WHERE $1::text IS NULL OR s.state = $1 ORDER BY s.seq DESC LIMIT 200`, [state]);
  }

  async cases(): Promise<object[]> {
    return this.database.query(`${CASES} ORDER BY id DESC LIMIT 500`);
  }
}

const SUBMISSION = `
  SELECT s.withdrawal_id, s.account_id, s.form, s.asset, s.amount::text, s.gross::text, s.destination, s.client_reference, s.state, s.attempt, s.resends,
         s.venue_reference, s.tx_hash, s.venue_fee::text, s.reason, s.not_after, s.cancel_state, s.next_action_at, s.submitted_at, s.empty_lookups,
         s.created_at, s.accepted_at, s.finished_at
    FROM submission s`;

const ATTEMPTS = `
  SELECT number, state, client_reference, request, gross::text, evidence, intended_at, answered_at, response_status, response_body, cause
    FROM attempt WHERE withdrawal_id = $1 ORDER BY number`;

const CASES = 'SELECT id::text, withdrawal_id, kind, text, opened_at FROM submission_case';

const AWAITED: Readonly<Record<string, string>> = {
  prepared: 'its turn in the rate plan of the venue',
  sending: 'the answer of the venue',
  accepted: 'the final word of the venue',
  unknown: 'a trace in the records of the venue, or the proof that there is none',
  repeating: 'the answer of the venue to the same request once more',
  undecided: 'the decision of a person: the records of the venue do not tell',
  disputed: 'the decision of a person: the venue paid otherwise than asked',
};
