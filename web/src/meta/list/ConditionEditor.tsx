// A condition that a record keeps, as the rows of a filter. Fetched when a form
// has one.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { filterText, type Group, parseFilter } from '@/lib/filter';
import { cx } from '@/ui/cx';
import { TextField } from '@/ui/TextField';
import { fieldsOf, useContexts } from '../context';
import { useRegionName } from '../data';
import type { EditorProps } from '../fields/types';
import { FixedValues } from './ClauseEditor';
import { type DraftGroup, draftOf, GroupRows, halves, keyed, wholeOf } from './FilterTree';
import { filterWords, namedIn } from './filters';
import { useRefLabels } from './useRefLabels';

/** Asked by the program: what is the same for everybody, and moments that move with the calendar. */
export default function ConditionEditor(props: EditorProps & { entity: Entity }) {
  const { entity, label, help, error, value, onChange } = props;
  const { t } = useTranslation();
  const contexts = useContexts(useRegionName(true));
  const [began] = useState(() => parseFilter(typeof value === 'string' ? value : ''));
  const [draft, setDraft] = useState<DraftGroup>(() => {
    const first = draftOf(began ?? { joint: 'and', kids: [] }) as DraftGroup;
    return first.kids.length > 0 ? first : { ...first, kids: [keyed({})] };
  });
  const note = useId();
  const fields = fieldsOf(entity);
  const whole = (wholeOf(draft) ?? { joint: 'and', kids: [] }) as Group;
  const refLabel = useRefLabels(namedIn(whole, fields));
  if (began === null)
    return <TextField {...props} value={String(value ?? '')} onChange={onChange} lines={2} />;
  const text = filterText(whole);
  function put(next: DraftGroup) {
    setDraft(next);
    const now = filterText((wholeOf(next) ?? { joint: 'and', kids: [] }) as Group);
    onChange(now === '' ? null : now);
  }
  return (
    <fieldset aria-label={label} aria-describedby={note} className="flex min-w-0 flex-col">
      {!props.hideLabel && (
        <span aria-hidden="true" className="mb-1.5 text-meta font-medium text-ink-2">
          {label}
          {props.isRequired && <span className="font-normal text-ink-3"> {t('form.required')}</span>}
        </span>
      )}
      <div className={cx('rounded-md border p-2.5', error ? 'border-danger' : 'border-line')}>
        <FixedValues.Provider value="moments">
          <GroupRows entity={entity} group={draft} onChange={put} depth={0} isCalm />
        </FixedValues.Provider>
        <p aria-live="polite" className="mt-2 text-meta text-ink-2">
          {text
            ? filterWords(whole, { contexts, fields, refLabel })
            : halves(draft) > 0
              ? t('filter.unfinished')
              : help}
        </p>
      </div>
      <p id={note} className={cx('mt-1 text-meta', error ? 'text-danger' : 'text-ink-3')}>
        {error ?? (text ? help : '')}
      </p>
    </fieldset>
  );
}
