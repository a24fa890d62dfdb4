import { useQuery } from '@tanstack/react-query';
import { SERVICE } from '@sluice/admin-client/calls';
import type { DeadLetterDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { visibleText } from '../../format/visible-text.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Code, Instant, JsonText, Words } from '../../reading/values.js';

const FACTS: readonly TableColumn<DeadLetterDto>[] = [
  column('Id', ({ id }) => id, 'head'),
  column('Since', ({ dead_lettered_at: at }) => <Instant at={at} />),
  column('Message', ({ topic, partition, offset, key }) => (
    <>
      <Code text={`${topic}[${partition}]@${offset}`} />
      <br />
      <Words text={key} />
    </>
  )),
  column('Cause', ({ cause }) => <Words text={cause} />),
  column('Content', (letter) => <Content letter={letter} />),
  column('Replayed', ({ replayed_at: at }) => <Instant at={at} />),
];

/** Messages that a service could not process. A payment of such a message waits. */
export function DeadLetters({ service }: { readonly service: string }): ReactNode {
  const letters = useQuery(readOf(anyService(service).deadLetters()));
  const columns: readonly TableColumn<DeadLetterDto>[] = [
    ...FACTS,
    column('Actions', (letter) => <Actions service={service} letter={letter} />),
  ];
  return (
    <Section title={`Dead letters of ${service}`} what="The dead letters" read={letters}>
      {(rows) => (
        <DataTable
          label={`Dead letters of ${service}`}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          empty="There is no dead letter."
        />
      )}
    </Section>
  );
}

function Content({ letter: { headers, value } }: { readonly letter: DeadLetterDto }): ReactNode {
  return (
    <details>
      <summary>Show</summary>
      <JsonText value={headers} />
      <pre tabIndex={0}>{visibleText(value)}</pre>
    </details>
  );
}

function Actions({
  service,
  letter: { id, cause, replayed_at: replayedAt },
}: {
  readonly service: string;
  readonly letter: DeadLetterDto;
}): ReactNode {
  const evidence = (
    <p>
      Cause: <Words text={cause} />
    </p>
  );
  const blocked = replayedAt === null ? null : 'It was replayed.';
  return (
    <span className="action-cell">
      <ActionButton
        service={service}
        call={SERVICE.replayDeadLetter}
        path={{ id }}
        label="Replay"
        title={`Replay message ${id} of ${service}`}
        blocked={blocked}
      >
        {evidence}
      </ActionButton>
      <ActionButton
        service={service}
        call={SERVICE.dismissDeadLetter}
        path={{ id }}
        label="Dismiss"
        title={`Dismiss message ${id} of ${service}`}
        tone="danger"
        blocked={blocked}
      >
        {evidence}
        <p className="muted">
          It is never processed: a withdrawal that waits for it waits for ever.
        </p>
      </ActionButton>
    </span>
  );
}
