import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsOf, useEntity, useLabel, useMeta } from '@/meta/context';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { ScrollArea } from '@/ui/ScrollArea';
import { Switch } from '@/ui/Switch';
import { useKinds } from '../useKinds';
import {
  type Choice,
  cell,
  forbidden,
  type Grant,
  moduleCell,
  moduleOf,
  moduleOn,
  setCell,
  setModule,
  switchModule,
} from './rights';
import { ScopePicker } from './ScopePicker';

interface RightsTableProps {
  grants: Grant[];
  onChange(grants: Grant[]): void;
}

/** The cell whose choices are open. */
interface Open {
  module: string;
  /** undefined: the module as a whole. */
  entity?: string;
  operation: string;
}

const weight: Record<string, string> = {
  none: 'text-ink-3',
  all: 'font-medium text-good',
  [forbidden]: 'text-danger',
};

/** Entities down, operations across, the scope in the cell: a role in one screen. */
export function RightsTable({ grants, onChange }: RightsTableProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const grantEntity = useEntity('org.grant');
  const asked = fieldsOf(grantEntity ?? { ...emptyEntity });
  const operations = (asked.get('operation')?.settings.options ?? []).map((one) => ({
    id: one.code,
    name: label(one.label),
  }));
  const scopes = (asked.get('scope')?.settings.options ?? []).map((one) => ({
    id: one.code,
    name: label(one.label),
  }));
  // Lines go by the rights of the record that they are part of.
  const kinds = useKinds();
  const names = kinds.flatMap((group) => group.kinds).filter((name) => !entities[name]?.line_of);
  const titles = new Map(kinds.map((group) => [group.module, group.name]));
  const modules = kinds.map((group) => group.module);
  const [open, setOpen] = useState<Open | null>(null);
  const anchor = useRef<HTMLElement | null>(null);
  const scopeName = (choice: Choice) =>
    choice.scope === forbidden
      ? t('settings.roles.forbidden')
      : choice.scope === 'none'
        ? t('settings.roles.nothing')
        : (scopes.find((one) => one.id === choice.scope)?.name ?? choice.scope);

  function choose(choice: Choice) {
    if (!open) return;
    onChange(
      open.entity
        ? setCell(grants, names, open.entity, open.operation, choice)
        : setModule(grants, names, open.module, open.operation, choice),
    );
  }

  const cellButton = (at: Open, choice: Choice & { own?: boolean }, row: string) => {
    const operation = operations.find((one) => one.id === at.operation)?.name ?? at.operation;
    return (
      <td key={at.operation} className="px-0.5">
        <button
          type="button"
          data-cell
          aria-haspopup="listbox"
          aria-label={t('settings.roles.cell', { row, operation, scope: scopeName(choice) })}
          onClick={(event) => {
            anchor.current = event.currentTarget;
            setOpen(at);
          }}
          className={cx(
            'h-7 w-full min-w-16 truncate rounded-sm px-1.5 text-left hover:bg-pressed pointer-coarse:h-10',
            weight[choice.scope] ?? 'text-ink',
            choice.own && 'bg-accent-wash',
          )}
        >
          {scopeName(choice)}
        </button>
      </td>
    );
  };

  return (
    <>
      <ScrollArea label={t('settings.roles.tab_rights')} className="h-full">
        <table className="w-full border-collapse" onKeyDown={moveByArrows}>
          <thead className="sticky top-0 z-10 bg-panel">
            <tr className="text-left text-meta whitespace-nowrap text-ink-3">
              <th className="sticky left-0 bg-panel px-4 font-medium shadow-[inset_0_-1px_var(--line)]">
                {t('settings.roles.entity')}
              </th>
              {operations.map((one) => (
                <th key={one.id} className="h-8 px-2 font-medium shadow-[inset_0_-1px_var(--line)]">
                  {one.name}
                </th>
              ))}
            </tr>
          </thead>
          {modules.map((module) => {
            const title = titles.get(module) || module;
            const isOn = moduleOn(grants, module);
            return (
              <tbody key={module}>
                <tr className="border-b border-line bg-sunken">
                  <th scope="row" className="sticky left-0 bg-sunken px-4 text-left font-semibold">
                    <span className="flex h-10 items-center gap-3 whitespace-nowrap">
                      <Switch
                        label={t('settings.roles.module_on', { name: title })}
                        hideLabel
                        isSelected={isOn}
                        onChange={(next) =>
                          onChange(
                            switchModule(
                              grants,
                              names,
                              operations.map((one) => one.id),
                              module,
                              next,
                            ),
                          )
                        }
                      />
                      {title}
                    </span>
                  </th>
                  {operations.map((one) =>
                    cellButton(
                      { module, operation: one.id },
                      moduleCell(grants, module, one.id),
                      t('settings.roles.whole_module', { name: title }),
                    ),
                  )}
                </tr>
                {names
                  .filter((name) => moduleOf(name) === module)
                  .map((name) => (
                    <tr key={name} className="border-b border-line hover:bg-hover">
                      <th scope="row" className="sticky left-0 bg-panel px-4 text-left font-normal">
                        <span className="flex h-8 items-center gap-2 pl-11 whitespace-nowrap max-desk:pl-2">
                          <Icon name={entities[name]?.icon} size={14} className="text-ink-3" />
                          {label(entities[name]?.label)}
                        </span>
                      </th>
                      {operations.map((one) =>
                        cellButton(
                          { module, entity: name, operation: one.id },
                          cell(grants, name, one.id),
                          label(entities[name]?.label),
                        ),
                      )}
                    </tr>
                  ))}
              </tbody>
            );
          })}
        </table>
        <p className="px-4 py-3 text-meta text-ink-3">{t('settings.roles.legend')}</p>
      </ScrollArea>
      {open && (
        <ScopePicker
          anchor={anchor}
          scopes={scopes}
          value={
            open.entity
              ? cell(grants, open.entity, open.operation)
              : moduleCell(grants, open.module, open.operation)
          }
          onClose={() => setOpen(null)}
          onChange={choose}
        />
      )}
    </>
  );
}

const emptyEntity = { fields: [] } as unknown as Parameters<typeof fieldsOf>[0];

/** Arrow keys go from cell to cell, as in a table of figures. */
function moveByArrows(event: KeyboardEvent<HTMLTableElement>) {
  const from = event.target as HTMLElement;
  if (!from.matches('[data-cell]')) return;
  const steps: Record<string, [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const step = steps[event.key];
  const line = from.closest('tr');
  if (!step || !line) return;
  const lines = [...event.currentTarget.querySelectorAll('tbody tr')];
  const column = [...line.querySelectorAll('[data-cell]')].indexOf(from) + step[1];
  const to = lines[lines.indexOf(line) + step[0]]?.querySelectorAll<HTMLElement>('[data-cell]')[column];
  if (!to) return;
  event.preventDefault();
  to.focus();
}
