import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent, type ReactNode, type RefObject } from 'react';
import { CallError } from '../api/call-error.js';
import type { PreparedCall } from '../api/prepared-call.js';
import { Foreign } from '../components/foreign.js';
import { Message } from '../components/message.js';
import { takeFocus } from '../components/take-focus.js';
import { callOf, type Action } from './action-call.js';
import type { ActionState } from './action-state.js';
import { FactsOf } from './facts-of.js';
import { FieldInput } from './field-input.js';
import { bodyText, faultsOf, type FormValues } from './form-body.js';
import { apiDocumentOf } from './open-api.js';
import { OutcomeView } from './outcome-view.js';
import { PasskeyStep } from './passkey-step.js';
import { describeRoute, type RouteDescription } from './route-description.js';
import { useAction } from './use-action.js';

interface ActionFormProps extends Action {
  readonly label: string;
  readonly tone?: 'plain' | 'main' | 'danger';
  readonly whereToLook?: ReactNode;
  readonly onDone?: ((answer: object) => void) | undefined;
  /** Told whether the dialog has to stay open: for an answer on its way, or for a secret. */
  readonly onHold?: ((isHeld: boolean) => void) | undefined;
  readonly onClose?: (() => void) | undefined;
}

/** Form of an action, from the service's own description of the route. */
export function ActionForm(props: ActionFormProps): ReactNode {
  const { service, call, onClose } = props;
  const { data: document, error } = useQuery(apiDocumentOf(service));
  if (document === undefined)
    return (
      <>
        <p role="status" data-loading={error === null ? true : undefined}>
          {error === null
            ? 'The form is loading.'
            : `${service} did not describe this action: ${error instanceof CallError ? error.message : 'unknown cause'}`}
        </p>
        <CloseButton onClose={onClose} isDisabled={false} />
      </>
    );
  const description = describeRoute(document, call[0]);
  return description === null ? (
    <>
      <p role="alert">This release of {service} has no such action.</p>
      <CloseButton onClose={onClose} isDisabled={false} />
    </>
  ) : (
    <DescribedForm {...props} description={description} />
  );
}

function DescribedForm({
  description,
  ...props
}: ActionFormProps & { readonly description: RouteDescription }): ReactNode {
  const { service, fixed = {}, preset = {}, omit = [], whereToLook, onClose } = props;
  const [values, setValues] = useState<FormValues>(preset);
  const fields = description.fields.filter(({ name }) => !(name in fixed) && !omit.includes(name));
  const subject = callOf(props, null);
  const { state, refuse, submit, prove } = useAction({ subject, fields, onDone: props.onDone });
  const [isAsking, setAsking] = useState(false);
  const isBusy = state.step === 'sending';
  useHold(isAsking || isHeldBy(state), props.onHold);
  const form = useFocusOfFaults(state);
  const confirm = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    const faults = faultsOf(fields, values);
    if (Object.keys(faults).length > 0) refuse(faults);
    else void submit(callOf(props, description.hasBody ? bodyText(fields, values, fixed) : null));
  };
  if (state.step === 'ended')
    return (
      <>
        <OutcomeView service={service} outcome={state.outcome} whereToLook={whereToLook} />
        <CloseButton onClose={onClose} isDisabled={false} isNext />
      </>
    );
  if (state.step === 'passkey' || (state.step === 'sending' && state.isProven))
    return (
      <>
        <PasskeyStep
          call={state.call}
          problem={state.step === 'passkey' ? state.problem : 'The call is being sent.'}
          isBusy={isBusy}
          isAsking={isAsking}
          onAsking={setAsking}
          onProve={prove}
        />
        <CloseButton onClose={onClose} isDisabled={isBusy || isAsking} />
      </>
    );
  return (
    <form className="action-form" onSubmit={confirm} noValidate ref={form}>
      {description.summary !== null && <p className="muted">{description.summary}</p>}
      <Subject subject={subject} fixed={fixed} />
      {fields.map((field) => (
        <FieldInput
          key={field.path}
          field={field}
          values={values}
          faults={state.step === 'form' ? state.faults : {}}
          isDisabled={isBusy}
          onChange={(path, value) => setValues((before) => ({ ...before, [path]: value }))}
        />
      ))}
      {state.step === 'form' && state.refusal !== null && (
        <Message tone="bad" isResult>
          <Foreign text={state.refusal} />
        </Message>
      )}
      <Confirm {...props} isBusy={isBusy} />
    </form>
  );
}

/** True while an answer is on its way, and while a secret is shown. */
function isHeldBy(state: ActionState): boolean {
  if (state.step === 'sending') return true;
  return (
    state.step === 'ended' && state.outcome.kind === 'done' && state.outcome.secrets.length > 0
  );
}

/** Moves the focus to the first refused field. */
function useFocusOfFaults(state: ActionState): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const faults = state.step === 'form' ? state.faults : null;
  useEffect(() => {
    takeFocus(form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? null);
  }, [faults]);
  return form;
}

function useHold(isHeld: boolean, onHold: ActionFormProps['onHold']): void {
  useEffect(() => onHold?.(isHeld), [isHeld, onHold]);
}

function Confirm({
  service,
  label,
  tone,
  isBusy,
  onClose,
}: ActionFormProps & { readonly isBusy: boolean }): ReactNode {
  return (
    <div className="actions">
      <button
        type="submit"
        className={`button ${tone === 'danger' ? 'button-danger' : 'button-main'}`}
        aria-disabled={isBusy}
      >
        {isBusy ? `${service} is being asked` : label}
      </button>
      <CloseButton onClose={onClose} isDisabled={isBusy} />
    </div>
  );
}

function Subject({
  subject: { service, method, path },
  fixed,
}: {
  readonly subject: PreparedCall;
  readonly fixed: Readonly<Record<string, unknown>>;
}): ReactNode {
  return (
    <>
      <p className="small muted foreign">
        {service}: {method} {path}
      </p>
      {Object.keys(fixed).length > 0 && <FactsOf value={fixed} />}
    </>
  );
}

function CloseButton({
  onClose,
  isDisabled,
  isNext = false,
}: {
  readonly onClose: (() => void) | undefined;
  readonly isDisabled: boolean;
  /** The only step that is left. */
  readonly isNext?: boolean;
}): ReactNode {
  if (onClose === undefined) return null;
  return (
    <button
      type="button"
      className="button"
      aria-disabled={isDisabled}
      ref={isNext ? takeFocus : undefined}
      onClick={isDisabled ? undefined : onClose}
    >
      Close
    </button>
  );
}
