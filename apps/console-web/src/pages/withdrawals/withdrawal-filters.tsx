import type { FormEvent, ReactNode } from 'react';
import { isConnector, venueOf } from '../../api/services.js';
import { OPEN_STATES, stateName, WITHDRAWAL_STATES } from '../../format/states.js';
import { useSession } from '../../session/session-provider.js';
import { isEveryOpenState, TEXT_FILTERS, type WithdrawalsSearch } from './withdrawals-search.js';

type Filters = WithdrawalsSearch['filters'];
type States = WithdrawalsSearch['states'];
type TextName = keyof typeof TEXT_FILTERS;

const MORE: readonly TextName[] = ['currency', 'network', 'client_reference', 'account_id'];
const TIMES: readonly TextName[] = ['requested_since', 'requested_before'];

/** Filters of the list. They become the URL when they are applied. */
export function WithdrawalFilters({
  search,
  onApply,
}: {
  readonly search: WithdrawalsSearch;
  readonly onApply: (filters: Filters, states: States) => void;
}): ReactNode {
  const { session } = useSession();
  const venues = session.services.filter(isConnector).map(venueOf);
  const apply = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const filters: Partial<Record<TextName, string>> = {};
    for (const name of Object.keys(TEXT_FILTERS) as TextName[]) {
      const value = form.get(name);
      if (typeof value === 'string' && value.trim() !== '') filters[name] = value.trim();
    }
    const states = form.getAll('state');
    onApply(
      filters,
      WITHDRAWAL_STATES.filter((state) => states.includes(state)),
    );
  };
  return (
    <form className="filters" role="search" onSubmit={apply}>
      <label className="field field-wide">
        <span>Search: number, id, client reference, hash, reference of the venue, or address</span>
        <input name="q" type="search" defaultValue={search.filters.q} autoComplete="off" />
      </label>
      <label className="field">
        <span>Venue</span>
        <select name="venue" defaultValue={search.filters.venue ?? ''}>
          <option value="">every venue</option>
          {venues.map((venue) => (
            <option key={venue}>{venue}</option>
          ))}
        </select>
      </label>
      {MORE.map((name) => (
        <TextField key={name} name={name} value={search.filters[name]} />
      ))}
      {TIMES.map((name) => (
        <TextField key={name} name={name} value={search.filters[name]} type="datetime-local" />
      ))}
      <StateChoice chosen={search.states} />
      <button type="submit" className="button button-main">
        Apply
      </button>
    </form>
  );
}

function TextField({
  name,
  value,
  type = 'text',
}: {
  readonly name: TextName;
  readonly value: string | undefined;
  readonly type?: string;
}): ReactNode {
  return (
    <label className="field">
      <span>{TEXT_FILTERS[name]}</span>
      <input name={name} type={type} defaultValue={value} autoComplete="off" />
    </label>
  );
}

function StateChoice({ chosen }: { readonly chosen: States }): ReactNode {
  return (
    <details className="field state-choice">
      <summary>
        {chosen.length === 0
          ? 'Every state'
          : isEveryOpenState(chosen)
            ? 'Money may still move'
            : chosen.length === 1
              ? stateName(chosen[0] ?? '')
              : `${chosen.length} states`}
      </summary>
      <fieldset className="choices">
        <legend className="small muted">
          States; money may still move in {OPEN_STATES.length} of them
        </legend>
        {WITHDRAWAL_STATES.map((state) => (
          <label key={state}>
            <input
              type="checkbox"
              name="state"
              value={state}
              defaultChecked={chosen.includes(state)}
            />
            {stateName(state)}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
