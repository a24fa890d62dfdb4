import { Link, useNavigate } from '@tanstack/react-router';
import type { WithdrawalDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { connectorOf } from '../../api/services.js';
import { Foreign } from '../../components/foreign.js';
import { Message } from '../../components/message.js';
import { Age } from '../../components/time.js';
import type { Tone } from '../../format/states.js';
import { waitingCause } from './next-step.js';
import { safeAction, type SafeAction, type WithdrawalFindings } from './safe-action.js';

const TONES: Readonly<Record<SafeAction['kind'], Tone>> = {
  nothing: 'good',
  wait: 'quiet',
  decide: 'wait',
  look: 'wait',
};

/** Cause of waiting, its age, and the action that is safe now. */
export function WaitPanel({
  withdrawal,
  findings,
  awaited,
}: {
  readonly withdrawal: WithdrawalDto;
  readonly findings: WithdrawalFindings;
  /** Cause named by the connector of the venue. */
  readonly awaited: string | null;
}): ReactNode {
  const navigate = useNavigate();
  const service = connectorOf(withdrawal.venue);
  const action = safeAction(withdrawal, findings);
  const [first, ...others] = action.decisions;
  const since = withdrawal.history.at(-1)?.at;
  return (
    <Message tone={TONES[action.kind]}>
      <strong>
        Safe now: <Foreign text={action.sentence} />
      </strong>
      {action.never !== null && <span>{action.never}</span>}
      {withdrawal.awaits !== null && (
        <Cause text={withdrawal.awaits} source="intake-api" number={withdrawal.number} />
      )}
      {awaited !== null && action.kind !== 'nothing' && awaited !== withdrawal.awaits && (
        <Cause text={awaited} source={service} number={withdrawal.number} />
      )}
      {since !== undefined && action.kind !== 'nothing' && (
        <span className="muted">
          In this state for <Age since={since} />.
        </span>
      )}
      {others.map(({ sentence, to }) => (
        <span key={to}>
          Waits too: <Foreign text={sentence} /> <Link to={to}>Show</Link>
        </span>
      ))}
      {first !== undefined && (
        <span className="actions">
          <button
            type="button"
            className="button button-main"
            onClick={() => void navigate({ to: first.to })}
          >
            Open the decision
          </button>
        </span>
      )}
    </Message>
  );
}

function Cause({
  text,
  source,
  number,
}: {
  readonly text: string;
  readonly source: string;
  readonly number: string;
}): ReactNode {
  const { cause, command, page } = waitingCause(text, number);
  return (
    <span>
      By {source} it waits for <Foreign text={cause} />
      {command !== null && (
        <span className="muted small">
          {' '}
          (next by command: <code>{command}</code>, {page})
        </span>
      )}
    </span>
  );
}
