import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { CallError } from '../api/call-error.js';
import { onSessionEnded } from '../api/console-fetch.js';
import { forgetData, loginPath, logOut, sessionQuery, type ConsoleSession } from './session.js';

interface SessionControl {
  readonly session: ConsoleSession;
  /** Logs out and leaves the console. */
  readonly leave: () => Promise<void>;
}

const SessionContext = createContext<SessionControl | null>(null);

export function useSession(): SessionControl {
  const control = use(SessionContext);
  if (control === null) throw new Error('there is no session around this component');
  return control;
}

/** Shows the console to a signed-in person, and a way to the login to everybody else. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [hasEnded, setEnded] = useState(false);
  const client = useQueryClient();
  const { data: session, error, refetch } = useQuery({ ...sessionQuery, enabled: !hasEnded });
  useEffect(() => onSessionEnded(() => setEnded(true)), []);
  useEffect(() => {
    if (hasEnded) forgetData(client);
  }, [client, hasEnded]);
  if (hasEnded) return <LoginOffer wasSignedIn={session !== undefined} />;
  if (session === undefined)
    return error === null ? (
      <Notice title="Sluice console" text="The session is being checked." />
    ) : (
      <Notice
        title="The console cannot be used now"
        text={error instanceof CallError ? error.message : 'The session could not be read.'}
        action={
          <button type="button" className="button" onClick={() => void refetch()}>
            Try again
          </button>
        }
      />
    );
  return (
    <SessionContext key={session.name} value={{ session, leave }}>
      {children}
    </SessionContext>
  );
}

async function leave(): Promise<void> {
  const url = await logOut();
  window.location.assign(url);
}

function LoginOffer({ wasSignedIn }: { readonly wasSignedIn: boolean }): ReactNode {
  const { pathname, search, hash } = window.location;
  return (
    <Notice
      title={wasSignedIn ? 'Your session ended' : 'Sign in'}
      text={
        wasSignedIn
          ? 'A call on its way may have been carried out: check its effect after the login. You return to this page.'
          : 'The console is for the operators of this system.'
      }
      action={
        <a className="button button-main" href={loginPath(`${pathname}${search}${hash}`)}>
          Log in
        </a>
      }
    />
  );
}

function Notice({
  title,
  text,
  action,
}: {
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${title} – Sluice`;
  }, [title]);
  return (
    <main className="notice">
      <h1>{title}</h1>
      <p role="status">{text}</p>
      {action}
    </main>
  );
}
