import { SERVICE } from '@sluice/admin-client/calls';
import type { DeadLetterDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { anyService } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import { visibleText } from '../../../format/visible-text.js';
import type { DecisionSubject } from './subject.js';

/** Message that a service could not process: replay it, or drop it with a reason. */
export function DeadLetterDecision({ service, id }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(anyService(service).deadLetters()));
  return (
    <Reading query={query} what={`The dead letters of ${service}`}>
      {(letters) => {
        const letter = letters.find((one) => one.id === id);
        if (letter === undefined)
          return (
            <Message>{`${service} lists no dead letter ${id}: it was replayed or dropped.`}</Message>
          );
        return (
          <Panel title="The message">
            <Letter letter={letter} />
            <div className="actions">
              <ActionButton
                service={service}
                call={SERVICE.replayDeadLetter}
                path={{ id }}
                label="Replay"
                tone="main"
                whereToLook="read the list of dead letters again; a replayed message is processed once."
              >
                <p>The service processes the message again, by the rules of every message.</p>
                <Letter letter={letter} />
              </ActionButton>
              <ActionButton
                service={service}
                call={SERVICE.dismissDeadLetter}
                path={{ id }}
                label="Drop"
                tone="danger"
                whereToLook="read the list of dead letters again."
              >
                <p>The message is never processed. Its content and your reason are kept.</p>
                <Letter letter={letter} />
              </ActionButton>
            </div>
          </Panel>
        );
      }}
    </Reading>
  );
}

function Letter({ letter }: { readonly letter: DeadLetterDto }): ReactNode {
  const { topic, partition, offset, key, cause, value, encoding, headers } = letter;
  return (
    <Facts
      facts={{
        Topic: `${topic}, partition ${partition}, offset ${offset}`,
        Key: key !== null && <Foreign text={key} />,
        Cause: <Foreign text={cause} />,
        At: <Time at={letter.dead_lettered_at} />,
        Headers: <FactsOf value={headers} />,
        [encoding === 'utf8' ? 'Content' : 'Content in base64']: <pre>{visibleText(value)}</pre>,
      }}
    />
  );
}
