import { type RefObject, useState } from 'react';
import { Dialog } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { MultiSelect } from '@/ui/MultiSelect';
import { Popover } from '@/ui/Popover';
import { departmentChoices, useDepartments } from '../rows';
import { type Choice, forbidden } from './rights';

interface ScopePickerProps {
  anchor: RefObject<HTMLElement | null>;
  scopes: { id: string; name: string }[];
  value: Choice;
  onClose(): void;
  onChange(choice: Choice): void;
}

/** The scopes that a cell can have, beside it. */
export function ScopePicker({ anchor, scopes, value, onClose, onChange }: ScopePickerProps) {
  const { t } = useTranslation();
  const departments = useDepartments();
  const [choosing, setChoosing] = useState(value.scope === 'chosen');
  const [places, setPlaces] = useState(value.departments);
  const offered = [
    { id: 'none', name: t('settings.roles.nothing_long') },
    ...scopes.filter(({ id }) => id !== 'none'),
    { id: forbidden, name: t('settings.roles.forbidden_long') },
  ];
  const take = (scope: string) => {
    if (scope === 'chosen') {
      setChoosing(true);
      return;
    }
    onChange({ scope, departments: [] });
    onClose();
  };
  return (
    <Popover triggerRef={anchor} isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className="w-60">
      <Dialog aria-label={t('settings.roles.scope')} className="flex flex-col p-1 outline-none">
        {offered.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            // biome-ignore lint/a11y/noAutofocus: the choice that holds is where one starts
            autoFocus={id === value.scope}
            aria-pressed={id === value.scope}
            onClick={() => take(id)}
            onKeyDown={(event) => {
              const next =
                event.key === 'ArrowDown'
                  ? event.currentTarget.nextElementSibling
                  : event.key === 'ArrowUp'
                    ? event.currentTarget.previousElementSibling
                    : null;
              if (next instanceof HTMLButtonElement) {
                event.preventDefault();
                next.focus();
              }
            }}
            className={cx(
              'min-h-8 rounded-sm px-2 text-left hover:bg-hover pointer-coarse:min-h-10',
              id === value.scope && 'bg-accent-wash font-medium text-accent-ink',
              id === forbidden && 'text-danger',
            )}
          >
            {name}
          </button>
        ))}
        {choosing && (
          <div className="mt-1 flex flex-col gap-2 border-t border-line p-2">
            <MultiSelect
              label={t('settings.roles.departments')}
              items={departmentChoices(departments.data ?? [])}
              value={places}
              onChange={setPlaces}
            />
            <Button
              look="primary"
              isDisabled={places.length === 0}
              onPress={() => {
                onChange({ scope: 'chosen', departments: places });
                onClose();
              }}
            >
              {t('settings.roles.take')}
            </Button>
          </div>
        )}
      </Dialog>
    </Popover>
  );
}
