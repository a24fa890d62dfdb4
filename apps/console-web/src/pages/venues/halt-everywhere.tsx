import { useQueryClient } from '@tanstack/react-query';
import { HALT } from '@sluice/admin-client/calls';
import { useState, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { CallError } from '../../api/call-error.js';
import { permittedRoles, send } from '../../api/prepared-call.js';
import { halting } from '../../api/services.js';
import { Message } from '../../components/message.js';
import { RoleButton } from '../../components/role-button.js';
import { useConnectors } from '../../reading/use-services.js';
import { haltFault, haltRequests, SCOPES, type HaltWish } from './halt-requests.js';

interface HaltResult {
  readonly service: string;
  readonly isDone: boolean;
  readonly text: string;
}

/** Halts a scope in every service that has to know it, as `sluice halt open` does. */
export function HaltEverywhere(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <RoleButton
        roles={permittedRoles(HALT.openHalt[2])}
        kind="danger"
        onPress={() => setOpen(true)}
      >
        Halt payments
      </RoleButton>
      <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={setOpen}>
        <Modal className="modal">
          <Dialog className="dialog">
            <Heading slot="title" level={2}>
              Halt payments
            </Heading>
            <HaltForm onClose={() => setOpen(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}

function HaltForm({ onClose }: { readonly onClose: () => void }): ReactNode {
  const connectors = useConnectors();
  const client = useQueryClient();
  // One name for the whole wish: a repetition finds the same halts.
  const [name] = useState(() => crypto.randomUUID());
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [results, setResults] = useState<readonly HaltResult[]>([]);
  const open = async (wish: HaltWish): Promise<void> => {
    const found = haltFault(wish, connectors);
    setFault(found);
    if (found !== null) return;
    setBusy(true);
    setResults(await Promise.all(haltRequests(wish, connectors).map(requested)));
    setBusy(false);
    void client.invalidateQueries();
  };
  return (
    <form
      className="action-form"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        if (!isBusy)
          void open({
            scope: textOf(form, 'scope'),
            target: textOf(form, 'target'),
            details: textOf(form, 'details'),
            name,
          });
      }}
    >
      <p className="muted">
        New orders of the scope stop within a second. Orders that were sent are followed. Lifting
        takes two people.
      </p>
      <label className="field">
        <span>Scope</span>
        <select name="scope" defaultValue="venue">
          {SCOPES.map((scope) => (
            <option key={scope}>{scope}</option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Venue, asset, account id or key id; nothing for all</span>
        <input name="target" autoComplete="off" spellCheck={false} />
      </label>
      <label className="field">
        <span>Reason</span>
        <textarea name="details" maxLength={900} />
      </label>
      {fault !== null && (
        <p role="alert" className="bad-text">
          {fault}
        </p>
      )}
      <Results results={results} isBusy={isBusy} />
      <Buttons isFirst={results.length === 0} isBusy={isBusy} onClose={onClose} />
    </form>
  );
}

function Buttons({
  isFirst,
  isBusy,
  onClose,
}: {
  readonly isFirst: boolean;
  readonly isBusy: boolean;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <div className="actions">
      <button type="submit" className="button button-danger" aria-disabled={isBusy}>
        {isFirst ? 'Halt' : 'Halt again with the same name'}
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={isBusy}
        onClick={isBusy ? undefined : onClose}
      >
        Close
      </button>
    </div>
  );
}

function Results({
  results,
  isBusy,
}: {
  readonly results: readonly HaltResult[];
  readonly isBusy: boolean;
}): ReactNode {
  if (isBusy) return <p role="status">The services are being asked.</p>;
  if (results.length === 0) return null;
  const isWhole = results.every(({ isDone }) => isDone);
  return (
    <Message tone={isWhole ? 'good' : 'bad'} isResult>
      <p>
        {isWhole
          ? 'Every service has opened the halt.'
          : 'Not every service has opened the halt. Repeat it.'}
      </p>
      <ul>
        {results.map(({ service, text }) => (
          <li key={service} className="foreign">
            {service}: {text}
          </li>
        ))}
      </ul>
    </Message>
  );
}

async function requested({
  service,
  body,
}: ReturnType<typeof haltRequests>[number]): Promise<HaltResult> {
  try {
    const { id } = await send(halting(service).openHalt(body));
    return { service, isDone: true, text: `halt ${id} is in force` };
  } catch (error) {
    const isRefused = error instanceof CallError && error.failure === 'refused';
    const message = error instanceof Error ? error.message : 'the cause is unknown';
    return {
      service,
      isDone: false,
      text: isRefused ? `refused: ${message}` : `not known whether it is halted: ${message}`,
    };
  }
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
