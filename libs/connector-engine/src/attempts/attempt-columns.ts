import { to } from '../rows/state-sql.js';

interface AttemptTimes {
  readonly intendedAt: string;
  readonly venueTime: string;
  readonly haltSeen: string;
  readonly putBackAt: string;
}

/**
 * Assignments with which an attempt of submission `s` begins. `given`: row with request, seal,
 * gross, evidence, fencing token and number. A trigger keeps the former attempt.
 */
export const beginAttempt = (given: string, times: AttemptTimes): string => `
           begun = s.attempt, attempt_state = ${to('claimed')}, attempt_reference = s.client_reference, request = ${given}.request, request_seal = ${given}.request_seal,
           attempt_gross = ${given}.gross, evidence = ${given}.evidence, attempt_token = ${given}.token, serial_number = ${given}.serial_number,
           intended_at = ${times.intendedAt}, attempt_venue_time = ${times.venueTime}, halt_seen = ${times.haltSeen}, put_back_at = ${times.putBackAt},
           answered_at = NULL, response_status = NULL, response_body = NULL, cause = NULL, nothing_moved_seal = NULL`;
