import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Foreign } from '../../components/foreign.js';
import { Message } from '../../components/message.js';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { Time } from '../../components/time.js';
import { useSession } from '../../session/session-provider.js';
import { endSessions, sessionsQuery, type ListedSession } from './session-calls.js';

/** Sessions of the person, and of everybody for an administrator. */
export function SessionsPage(): ReactNode {
  const { session } = useSession();
  const query = useQuery(sessionsQuery);
  const { end, isBusy, said } = useSessionEnds();
  const columns: readonly TableColumn<ListedSession>[] = [
    ...COLUMNS,
    {
      id: 'end',
      name: 'End',
      cell: ({ id, person, is_current: isCurrent }) => (
        <button
          type="button"
          className="button button-danger button-small"
          aria-disabled={isBusy}
          {...(!isCurrent && { 'aria-label': `End a session of ${person}` })}
          onClick={() => void end(id)}
        >
          {isCurrent ? 'End this one' : 'End'}
        </button>
      ),
    },
  ];
  return (
    <Page
      title="Sessions"
      aside={
        <button
          type="button"
          className="button button-danger"
          aria-disabled={isBusy}
          onClick={() => void end()}
        >
          Log out everywhere
        </button>
      }
    >
      {said !== null && (
        <Message tone={said.tone} isResult>
          {said.text}
        </Message>
      )}
      <Panel
        title={session.roles.includes('administer') ? 'Sessions of everybody' : 'Your sessions'}
        isFlush
      >
        <Reading query={query} what="The sessions">
          {(sessions) => (
            <DataTable
              label="Sessions"
              columns={columns}
              rows={sessions}
              keyOf={({ id }) => id}
              empty="There is no session."
            />
          )}
        </Reading>
      </Panel>
    </Page>
  );
}

interface Said {
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

/** Ends sessions, one request at a time. */
function useSessionEnds(): {
  readonly end: (id?: string) => Promise<void>;
  readonly isBusy: boolean;
  readonly said: Said | null;
} {
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said | null>(null);
  const isInFlight = useRef(false);
  const end = async (id?: string): Promise<void> => {
    if (isInFlight.current) return;
    isInFlight.current = true;
    setBusy(true);
    try {
      const ended = await endSessions(id);
      setSaid({
        tone: 'good',
        text: `Ended: ${ended}. Running answers of them end within seconds.`,
      });
    } catch (error) {
      const because = error instanceof Error ? error.message : 'the cause is unknown';
      setSaid({ tone: 'bad', text: `Not known to be ended; the list shows it: ${because}` });
    } finally {
      isInFlight.current = false;
      setBusy(false);
      // The own session may be among them: its next reading says so.
      void client.invalidateQueries();
    }
  };
  return { end, isBusy, said };
}

const COLUMNS: readonly TableColumn<ListedSession>[] = [
  {
    id: 'person',
    name: 'Person',
    isRowHeader: true,
    cell: ({ person, is_current: isCurrent, address, browser }) => (
      <>
        <Foreign text={person} />
        {isCurrent && <span className="badge badge-good">this browser</span>}
        <div className="small muted session-browser">
          <Foreign text={`${address}, ${browser}`} />
        </div>
      </>
    ),
  },
  {
    id: 'used',
    name: 'Login and last use',
    cell: ({ created_at: created, last_used_at: used }) => (
      <>
        <Time at={created} />
        <br />
        <Time at={used} />
      </>
    ),
  },
  {
    id: 'ends',
    name: 'Ends without use, and at the latest',
    cell: ({ idle_ends_at: idle, ends_at: latest }) => (
      <>
        <Time at={idle} />
        <br />
        <Time at={latest} />
      </>
    ),
  },
];
