import { LEDGER } from '@sluice/admin-client/calls';
import { useState, type ReactNode } from 'react';
import { callOf } from '../../actions/action-call.js';
import { OutcomeView } from '../../actions/outcome-view.js';
import { makePasskey, PromptError } from '../../actions/passkey-prompt.js';
import { PasskeyStep } from '../../actions/passkey-step.js';
import { useAction } from '../../actions/use-action.js';
import { CallError } from '../../api/call-error.js';
import { permittedRoles, send } from '../../api/prepared-call.js';
import { ledger } from '../../api/services.js';
import { Message } from '../../components/message.js';
import { RoleButton } from '../../components/role-button.js';

const ROUTE = { service: 'ledger', call: LEDGER.registerPasskey } as const;
const NO_FIELDS = [] as const;

/** Makes a passkey in the browser, and asks for its registration. */
export function RegisterPasskey(): ReactNode {
  const [fault, setFault] = useState<string | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const { state, submit, prove } = useAction({ subject: callOf(ROUTE, null), fields: NO_FIELDS });
  const register = async (): Promise<void> => {
    setFault(null);
    setMaking(true);
    try {
      const { options } = await send(ledger.passkeyOptions());
      const registration = await makePasskey(options as PublicKeyCredentialCreationOptionsJSON);
      await submit(callOf(ROUTE, JSON.stringify({ registration })));
    } catch (error) {
      if (!(error instanceof PromptError || error instanceof CallError)) throw error;
      setFault(error.message);
    } finally {
      setMaking(false);
    }
  };
  const isBusy = isMaking || state.step === 'sending';
  return (
    <>
      <p>
        Decisions that take two people need a passkey of each: it signs exactly what you decide. A
        new passkey needs a second person, and then waits before it counts. Your first passkey is
        approved with the operator command; a further passkey needs an earlier one.
      </p>
      {state.step === 'ended' ? (
        <OutcomeView
          service="ledger"
          outcome={state.outcome}
          whereToLook="read the list of registrations that wait."
        />
      ) : state.step === 'passkey' || (state.step === 'sending' && state.isProven) ? (
        <PasskeyStep
          call={state.call}
          problem={state.step === 'passkey' ? state.problem : 'The call is being sent.'}
          isBusy={isBusy}
          isAsking={isAsking}
          onAsking={setAsking}
          onProve={prove}
        />
      ) : (
        <div className="actions">
          <RoleButton
            roles={permittedRoles(LEDGER.registerPasskey[2])}
            kind="main"
            unavailable={isBusy ? 'Follow the prompt of the browser.' : null}
            onPress={() => void register()}
          >
            Register a passkey
          </RoleButton>
        </div>
      )}
      {(fault ?? refusalOf(state)) !== null && (
        <Message tone="bad" isResult>
          <strong>Not registered.</strong>
          <span>{fault ?? refusalOf(state)}</span>
        </Message>
      )}
    </>
  );
}

function refusalOf(state: ReturnType<typeof useAction>['state']): string | null {
  return state.step === 'form' ? state.refusal : null;
}
