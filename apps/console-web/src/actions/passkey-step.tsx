import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { CallError } from '../api/call-error.js';
import type { PreparedCall } from '../api/prepared-call.js';
import { Message } from '../components/message.js';
import { takeFocus } from '../components/take-focus.js';
import { visibleText } from '../format/visible-text.js';
import { hexOf } from './bytes.js';
import { prepareProof, PROOF_LIFE_MS, proofOf, type PreparedProof } from './passkey-vouchers.js';
import { PromptError } from './passkey-prompt.js';

const ASK = 'Use my passkey for exactly this';
const ASKING = 'The browser asks for your passkey';

/** Shows the exact bytes that a passkey proves, and asks for the passkey. */
export function PasskeyStep({
  call,
  problem,
  isBusy,
  isAsking,
  onAsking,
  onProve,
}: {
  readonly call: PreparedCall;
  /** Sentence of the service that needs the passkey. */
  readonly problem: string;
  readonly isBusy: boolean;
  /** The prompt of the browser is open. */
  readonly isAsking: boolean;
  readonly onAsking: (isAsking: boolean) => void;
  readonly onProve: (proof: () => Promise<string>) => Promise<void>;
}): ReactNode {
  const [fault, setFault] = useState<string | null>(null);
  const { service, method, path, body } = call;
  const {
    data: proof,
    error,
    refetch,
  } = useQuery({
    queryKey: ['proof', service, method, path, body] as const,
    queryFn: () => prepareProof(call),
    staleTime: 0,
    gcTime: 0,
    refetchInterval: isAsking ? false : PROOF_LIFE_MS,
  });
  const ask = async (ready: PreparedProof): Promise<void> => {
    setFault(null);
    onAsking(true);
    try {
      await onProve(() => proofOf(ready));
    } catch (reason) {
      if (!(reason instanceof PromptError)) throw reason;
      setFault(reason.message);
    } finally {
      onAsking(false);
      // Each proof counts once.
      void refetch();
    }
  };
  return (
    <section className="passkey-step">
      <Message tone="wait" isResult>
        <strong>Your passkey is needed</strong>
        <span>{problem}</span>
      </Message>
      <ExactCall call={call} proof={proof} />
      {fault !== null && (
        <Message tone="bad" isResult>
          {fault}
        </Message>
      )}
      {error !== null && <NoVouchers error={error} />}
      {proof?.vouched.vouchers.length === 0 ? (
        <NoPasskey />
      ) : (
        <UsePasskey
          label={isBusy ? `${service} is being asked` : isAsking ? ASKING : ASK}
          onUse={proof === undefined || isBusy || isAsking ? null : () => void ask(proof)}
        />
      )}
    </section>
  );
}

/** The button has the focus from the beginning of the step, also while it has to wait. */
function UsePasskey({
  label,
  onUse,
}: {
  readonly label: string;
  /** Null while the passkey may not be used. */
  readonly onUse: (() => void) | null;
}): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const isReady = onUse !== null;
  useLayoutEffect(() => takeFocus(button.current), []);
  // The proven text arrives above the button, and would push the focus out of the window.
  useEffect(() => {
    if (isReady && document.activeElement === button.current)
      button.current?.scrollIntoView({ block: 'nearest' });
  }, [isReady]);
  return (
    <button
      type="button"
      className="button button-main"
      aria-disabled={!isReady}
      ref={button}
      onClick={onUse ?? undefined}
    >
      {label}
    </button>
  );
}

function NoVouchers({ error }: { readonly error: Error }): ReactNode {
  const isKnown = error instanceof CallError || error instanceof PromptError;
  return (
    <Message tone="bad" isResult>
      The ledger gave no word about your passkeys: {isKnown ? error.message : 'unknown cause'}
    </Message>
  );
}

function NoPasskey(): ReactNode {
  return (
    <Message tone="bad" isResult>
      <span>
        You have no passkey that may be used now.{' '}
        <Link to="/passkeys" ref={takeFocus}>
          See your passkeys
        </Link>
        . Nothing was sent.
      </span>
    </Message>
  );
}

function ExactCall({
  call: { service, method, path, body },
  proof,
}: {
  readonly call: PreparedCall;
  readonly proof: PreparedProof | undefined;
}): ReactNode {
  return (
    <dl className="facts">
      <dt>Service</dt>
      <dd>{service}</dd>
      <dt>Call</dt>
      <dd>
        <code>
          {method} {path}
        </code>
      </dd>
      <dt>Content</dt>
      <dd>{body === null ? 'none' : <pre>{visibleText(body)}</pre>}</dd>
      <dt>Proven text</dt>
      <dd>{proof === undefined ? '…' : <pre>{visibleText(proof.callText)}</pre>}</dd>
      <dt>SHA-256 of it</dt>
      <dd>
        <code className="digest">{proof === undefined ? '…' : hexOf(proof.challenge)}</code>
      </dd>
    </dl>
  );
}
