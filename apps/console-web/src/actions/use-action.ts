import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { send, type PreparedCall } from '../api/prepared-call.js';
import { FRESH, nextState, type ActionState } from './action-state.js';
import { faultsInRefusal, type FieldFaults } from './form-body.js';
import { keyOf, oneAtATime, onSentElsewhere } from './one-at-a-time.js';
import { outcomeOfAnswer, outcomeOfError, type ActionOutcome } from './outcome.js';
import type { FieldDescription } from './route-description.js';

interface ActionControl {
  readonly state: ActionState;
  /** Shows faults of the form; nothing is sent. */
  readonly refuse: (faults: FieldFaults) => void;
  /** Sends the call once. Does nothing while a call is in flight. */
  readonly submit: (call: PreparedCall) => Promise<void>;
  /** Sends the same bytes again, with the proof of a passkey. */
  readonly prove: (proof: (call: PreparedCall) => Promise<string>) => Promise<void>;
}

interface ActionSubject {
  /** The call without its body: what the action changes. */
  readonly subject: PreparedCall;
  readonly fields: readonly FieldDescription[];
  readonly onDone?: ((answer: object) => void) | undefined;
}

/** One action of a person, from the form to the answer of the service. */
export function useAction({ subject, fields, onDone }: ActionSubject): ActionControl {
  const [state, dispatch] = useReducer(nextState, FRESH);
  const isInFlight = useRef(false);
  const client = useQueryClient();
  const key = keyOf(subject);
  const wasSentElsewhere = useRef(false);
  useEffect(
    () =>
      onSentElsewhere(key, () => {
        wasSentElsewhere.current = true;
        dispatch({ kind: 'sent elsewhere' });
      }),
    [key],
  );

  const once = async (run: () => Promise<void>): Promise<void> => {
    if (isInFlight.current) return;
    isInFlight.current = true;
    try {
      await run();
    } finally {
      isInFlight.current = false;
    }
  };
  const exchange = async (call: PreparedCall, passkey?: string): Promise<void> => {
    dispatch({ kind: 'sent', call });
    const outcome = await outcomeOf(call, passkey);
    if (outcome.kind === 'passkey') {
      dispatch({ kind: 'passkey needed', problem: outcome.message });
      if (wasSentElsewhere.current) dispatch({ kind: 'sent elsewhere' });
      return;
    }
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'openapi' });
    if (outcome.kind === 'refused' && outcome.status === 422 && passkey === undefined) {
      const { faults, rest } = faultsInRefusal(outcome.message, fields);
      dispatch({ kind: 'faults', faults, refusal: rest === '' ? null : rest });
      return;
    }
    dispatch({ kind: 'outcome', outcome });
    if (outcome.kind === 'done') onDone?.(outcome.answer);
  };
  return {
    state,
    refuse: (faults) => dispatch({ kind: 'faults', faults, refusal: null }),
    submit: (call) => once(() => exchange(call)),
    prove: (proof) =>
      once(async () => {
        if (state.step !== 'passkey') return;
        const { call } = state;
        const passkey = await proof(call);
        // The prompt of the passkey takes its time, and another tab may have been quicker.
        if (!wasSentElsewhere.current) await exchange(call, passkey);
      }),
  };
}

async function outcomeOf(call: PreparedCall, passkey?: string): Promise<ActionOutcome> {
  try {
    const answer = await oneAtATime(call, () =>
      send(call, passkey === undefined ? {} : { passkey }),
    );
    return outcomeOfAnswer(answer);
  } catch (error) {
    return outcomeOfError(error);
  }
}
