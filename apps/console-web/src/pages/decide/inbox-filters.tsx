import { useId, type ReactNode } from 'react';
import { valuesOf, type InboxFilter } from './inbox-groups.js';
import { kindName, type InboxEntry } from './evidence/inbox-item.js';

/** Filters of the inbox; the URL keeps them. */
export function InboxFilters({
  entries,
  services,
  filter,
  onChange,
}: {
  readonly entries: readonly InboxEntry[];
  readonly services: readonly string[];
  readonly filter: InboxFilter;
  readonly onChange: (changes: InboxFilter) => void;
}): ReactNode {
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="For"
        all="everybody"
        value={filter.for}
        values={['me']}
        nameOf={() => 'what I may decide'}
        onChoose={(value) => onChange({ for: value })}
      />
      <Choice
        label="Kind"
        value={filter.kind}
        values={valuesOf(entries, ({ kind }) => kind)}
        nameOf={kindName}
        onChoose={(kind) => onChange({ kind })}
      />
      <Choice
        label="Service"
        value={filter.service}
        values={services}
        onChoose={(service) => onChange({ service })}
      />
      <Choice
        label="Venue"
        value={filter.venue}
        values={valuesOf(entries, ({ venue }) => venue)}
        onChoose={(venue) => onChange({ venue })}
      />
      <Choice
        label="Account"
        value={filter.account}
        values={valuesOf(entries, ({ account_id: account }) => account)}
        onChoose={(account) => onChange({ account })}
      />
    </form>
  );
}

function Choice({
  label,
  all = 'all',
  value = '',
  values,
  nameOf = (one) => one,
  onChoose,
}: {
  readonly label: string;
  readonly all?: string;
  readonly value?: string | undefined;
  readonly values: readonly string[];
  readonly nameOf?: (value: string) => string;
  /** Undefined: no filter. */
  readonly onChoose: (value: string | undefined) => void;
}): ReactNode {
  const id = useId();
  const choices = value === '' || values.includes(value) ? values : [value, ...values];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ target }) => onChoose(target.value === '' ? undefined : target.value)}
      >
        <option value="">{all}</option>
        {choices.map((one) => (
          <option key={one} value={one}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
