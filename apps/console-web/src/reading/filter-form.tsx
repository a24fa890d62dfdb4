import type { ReactNode } from 'react';
import { useChangeSearch, useSearchText } from './use-search-text.js';

export interface FilterField {
  /** Parameter of the address. */
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  /** Choices of the field; without choices it takes a text. */
  readonly choices?: readonly (readonly [value: string, name: string])[];
  readonly isWide?: true;
}

/** Filters of a list. They are parameters of the address; a change begins at the first page. */
export function FilterForm({
  fields,
  submit = 'Show',
}: {
  readonly fields: readonly FilterField[];
  readonly submit?: string;
}): ReactNode {
  const search = useSearchText();
  const change = useChangeSearch();
  return (
    <form
      className="filters"
      key={JSON.stringify(search)}
      action={(form) => {
        const given = fields.map(({ name }) => {
          const value = form.get(name);
          return [name, typeof value === 'string' ? value.trim() : ''] as const;
        });
        void change({ cursor: '', ...Object.fromEntries(given) });
      }}
    >
      {fields.map(({ name, label, placeholder, choices, isWide }) => (
        <label key={name} className={isWide ? 'field field-wide' : 'field'}>
          <span>{label}</span>
          {choices === undefined ? (
            <input
              name={name}
              defaultValue={search[name] ?? ''}
              placeholder={placeholder}
              autoComplete="off"
              spellCheck={false}
            />
          ) : (
            <select name={name} defaultValue={search[name] ?? ''}>
              {choices.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </label>
      ))}
      <button type="submit" className="button">
        {submit}
      </button>
    </form>
  );
}
