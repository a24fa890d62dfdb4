import { useQuery } from '@tanstack/react-query';
import { INTAKE } from '@sluice/admin-client/calls';
import type { RouteDto } from '@sluice/http-api';
import { useState, type ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { intake, venueOf } from '../../api/services.js';
import { Message } from '../../components/message.js';
import { Section } from '../../reading/section.js';
import { useChangeSearch } from '../../reading/use-search-text.js';
import { useConnectors } from '../../reading/use-services.js';
import { draftOf, faultsOf, moved, newDraft, venueOfDraft, type VenueDraft } from './route-edit.js';
import { RouteVenueFields } from './route-venue-fields.js';

/** Change of a route: the order of venues and terms. */
export function RouteEditor({ asset }: { readonly asset: string }): ReactNode {
  const routes = useQuery(readOf(intake.routes()));
  const change = useChangeSearch();
  return (
    <Section
      title={`Change the route of ${asset}`}
      what="The route"
      read={routes}
      aside={
        <button
          type="button"
          className="button button-small"
          onClick={() => void change({ route: '' })}
        >
          Close
        </button>
      }
    >
      {(rows) => {
        const route = rows.find(({ currency, network }) => `${currency}.${network}` === asset);
        return route === undefined ? (
          <p className="muted">There is no such route.</p>
        ) : (
          <Editor route={route} />
        );
      }}
    </Section>
  );
}

/** `was` is the route as the person first saw it: a route changed meanwhile is refused. */
function Editor({ route }: { readonly route: RouteDto }): ReactNode {
  const [was] = useState(route);
  const [drafts, setDrafts] = useState<readonly VenueDraft[]>(() => route.venues.map(draftOf));
  const faults = faultsOf(drafts);
  const isStale = JSON.stringify(was) !== JSON.stringify(route);
  return (
    <>
      {isStale && (
        <Message tone="wait">
          The route was changed since this form was opened. Close the form and open it again.
        </Message>
      )}
      {drafts.map((draft, at) => (
        <RouteVenueFields
          key={draft.venue}
          draft={draft}
          position={at + 1}
          onMove={(by) => setDrafts(moved(drafts, draft.venue, by))}
          onRemove={() => setDrafts(drafts.filter((one) => one !== draft))}
          onChange={(changed) =>
            setDrafts(drafts.map((one) => (one === draft ? { ...draft, ...changed } : one)))
          }
        />
      ))}
      <AddVenue drafts={drafts} onAdd={(venue) => setDrafts([...drafts, newDraft(venue)])} />
      {faults.map((fault) => (
        <p key={fault} className="bad-text">
          {fault}
        </p>
      ))}
      <ActionButton
        service="intake-api"
        call={INTAKE.setRoute}
        fixed={{
          currency: was.currency,
          network: was.network,
          was: was.venues,
          venues: drafts.map(venueOfDraft),
        }}
        label="Set the route"
        tone="main"
        blocked={faults[0] ?? null}
      >
        <p className="muted">
          The new order holds at once for every instance. Withdrawals that a venue has accepted stay
          there.
        </p>
      </ActionButton>
    </>
  );
}

function AddVenue({
  drafts,
  onAdd,
}: {
  readonly drafts: readonly VenueDraft[];
  readonly onAdd: (venue: string) => void;
}): ReactNode {
  const venues = useConnectors()
    .map(venueOf)
    .filter((venue) => drafts.every((draft) => draft.venue !== venue));
  if (venues.length === 0) return null;
  return (
    <p className="actions">
      {venues.map((venue) => (
        <button
          key={venue}
          type="button"
          className="button button-small"
          onClick={() => onAdd(venue)}
        >
          Add {venue}
        </button>
      ))}
    </p>
  );
}
