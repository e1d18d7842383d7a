// How the list looks: density, order by several fields, which columns and in
// which order. Fetched when first opened.
import { ArrowDown, ArrowUp, GripVertical, Plus, X } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field } from '@/api/types';
import { type Density, setDensity, useShell } from '@/lib/shell';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { labelClass } from '@/ui/parts';
import { SearchField } from '@/ui/SearchField';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { fieldsOf, useLabel } from '../context';
import { boardFields, dayFields, groupFields, maxSorts, type Shape, sumFields } from './query';

interface DisplayPanelProps {
  entity: Entity;
  columns: string[];
  /** Changes those that are shown by then: a second change knows the first. */
  onColumns(change: (columns: string[]) => string[]): void;
  sort: string | undefined;
  onSort(sort: string | undefined): void;
  /** Something is not as the view has it. */
  canReset: boolean;
  onReset(): void;
  shape: Shape;
  onShape(shape: Partial<Shape>): void;
  /** A phone shows cards: no columns, no density. */
  isPhone: boolean;
}

export default function DisplayPanel(props: DisplayPanelProps) {
  const { t } = useTranslation();
  const density = useShell((shell) => shell.density);
  const isList = props.shape.kind === 'list';
  return (
    <div className="flex flex-col gap-4">
      <ShapeRows {...props} />
      {isList && !props.isPhone && (
        <Segmented
          label={t('list.density')}
          items={(['compact', 'normal', 'wide'] as const).map((id) => ({
            id,
            name: t(`list.density_${id}`),
          }))}
          value={density}
          onChange={(next: Density) => setDensity(next)}
        />
      )}
      {props.shape.kind !== 'calendar' && <SortRows {...props} />}
      {isList && !props.isPhone && <Columns {...props} />}
      {props.canReset && (
        <Button look="quiet" className="self-start" onPress={props.onReset}>
          {t('list.reset')}
        </Button>
      )}
    </div>
  );
}

const units = ['day', 'week', 'month', 'quarter', 'year'] as const;

/** Of a board its columns and sums, of a calendar its day, of a list its groups. */
function ShapeRows({ entity, shape, onShape, isPhone }: DisplayPanelProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const named = (fields: Field[]) => fields.map((field) => ({ id: field.key, name: label(field.label) }));
  const sums = sumFields(entity);
  if (shape.kind === 'calendar')
    return (
      <Select
        label={t('calendar.by')}
        items={named(dayFields(entity))}
        value={shape.by}
        onChange={(by) => by && onShape({ by })}
      />
    );
  if (shape.kind === 'board')
    return (
      <>
        <Select
          label={t('board.by')}
          items={named(boardFields(entity))}
          value={shape.by}
          onChange={(by) => by && onShape({ by })}
        />
        {sums.length > 0 && (
          <Select
            label={t('board.sum')}
            items={named(sums)}
            value={shape.sum}
            onChange={(sum) => sum && onShape({ sum })}
          />
        )}
      </>
    );
  if (isPhone) return null;
  const [key = '', unit] = shape.group.split(':');
  const grouped = groupFields(entity);
  const isDay = (one: string) => dayFields(entity).some((field) => field.key === one);
  return (
    <div className="flex gap-2">
      <div className="min-w-0 flex-1">
        <Select
          label={t('list.group')}
          items={[{ id: 'none', name: t('list.group_none') }, ...named(grouped)]}
          value={key || 'none'}
          onChange={(next) =>
            onShape({
              group: !next || next === 'none' ? '' : isDay(next) ? `${next}:${unit ?? 'month'}` : next,
            })
          }
        />
      </div>
      {unit && (
        <Select
          label={t('list.group_unit')}
          items={units.map((id) => ({ id, name: t(`list.unit.${id}`) }))}
          value={unit}
          onChange={(next) => onShape({ group: `${key}:${next}` })}
        />
      )}
    </div>
  );
}

function SortRows({ entity, sort, onSort }: DisplayPanelProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const bare = (part: string) => part.replace(/^-/, '');
  const sortable = entity.fields.filter((field) => field.sortable);
  // The newest first, which no column shows, is no order that somebody chose.
  const parts = (sort?.split(',') ?? []).filter((part) => sortable.some((field) => field.key === bare(part)));
  const unused = sortable.filter((field) => !parts.some((part) => bare(part) === field.key));
  const put = (next: string[]) => onSort(next.length > 0 ? next.join(',') : undefined);
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className={cx(labelClass, 'mb-1')}>{t('list.order')}</legend>
      {parts.map((part, at) => {
        const name = label(fieldsOf(entity).get(bare(part))?.label);
        const isDown = part.startsWith('-');
        return (
          <div key={bare(part)} className="flex items-center gap-1">
            <div className="min-w-0 flex-1">
              <Select
                label={t('list.order_nth', { n: at + 1 })}
                hideLabel
                items={sortable
                  .filter((field) => field.key === bare(part) || unused.includes(field))
                  .map((field) => ({ id: field.key, name: label(field.label) }))}
                value={bare(part)}
                onChange={(key) => put(parts.map((old, i) => (i === at ? (isDown ? '-' : '') + key : old)))}
              />
            </div>
            <IconButton
              label={t(isDown ? 'list.order_down' : 'list.order_up', { name })}
              onPress={() => put(parts.map((old, i) => (i === at ? (isDown ? bare(old) : `-${old}`) : old)))}
            >
              {isDown ? <ArrowDown size={14} aria-hidden="true" /> : <ArrowUp size={14} aria-hidden="true" />}
            </IconButton>
            <IconButton
              label={t('action.remove_name', { name })}
              onPress={() => put(parts.filter((_, i) => i !== at))}
            >
              <X size={14} aria-hidden="true" />
            </IconButton>
          </div>
        );
      })}
      {parts.length < maxSorts && unused[0] && (
        <Button
          look="quiet"
          className="!h-7 self-start !px-2 pointer-coarse:!h-9"
          onPress={() => put([...parts, unused[0]?.key ?? ''])}
        >
          <Plus size={13} aria-hidden="true" />
          {t('list.order_add')}
        </Button>
      )}
    </fieldset>
  );
}

/** Every field with a tick; those shown first, in their order, to be dragged or moved by buttons. */
function Columns({ entity, columns, onColumns }: DisplayPanelProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [q, setQ] = useState('');
  const [dragged, setDragged] = useState<string | null>(null);
  const known = fieldsOf(entity);
  const name = (key: string) => label(known.get(key)?.label) || key;
  const others = entity.fields
    .filter((field) => !columns.includes(field.key) && field.key !== 'id' && field.key !== 'version')
    .map((field) => field.key);
  const fits = (key: string) => name(key).toLowerCase().includes(q.trim().toLowerCase());
  function move(key: string, to: number) {
    onColumns((now) => {
      const rest = now.filter((one) => one !== key);
      return [...rest.slice(0, to), key, ...rest.slice(to)];
    });
  }
  function over(event: DragEvent, key: string) {
    if (!dragged) return;
    event.preventDefault();
    if (key !== dragged) move(dragged, columns.indexOf(key));
  }
  return (
    <fieldset className="flex min-h-0 flex-col gap-1.5">
      <legend className={cx(labelClass, 'mb-1')}>{t('list.columns')}</legend>
      <SearchField label={t('list.find_column')} value={q} onChange={setQ} rest={0} />
      <ul className="max-h-72 overflow-auto">
        {columns.filter(fits).map((key) => {
          const at = columns.indexOf(key);
          return (
            <li
              key={key}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', key);
                setDragged(key);
              }}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => over(event, key)}
              className={cx(
                'group flex h-8 items-center gap-1 rounded-sm pl-1 hover:bg-hover',
                dragged === key && 'bg-pressed',
              )}
            >
              <GripVertical size={13} aria-hidden="true" className="shrink-0 cursor-grab text-ink-3" />
              <Tick
                name={name(key)}
                isOn
                isFixed={key === entity.title}
                onChange={() => onColumns((now) => now.filter((one) => one !== key))}
              />
              <IconButton
                label={t('list.column_up', { name: name(key) })}
                isDisabled={at === 0}
                onPress={() => move(key, at - 1)}
                className="!size-7"
              >
                <ArrowUp size={13} aria-hidden="true" />
              </IconButton>
              <IconButton
                label={t('list.column_down', { name: name(key) })}
                isDisabled={at === columns.length - 1}
                onPress={() => move(key, at + 1)}
                className="!size-7"
              >
                <ArrowDown size={13} aria-hidden="true" />
              </IconButton>
            </li>
          );
        })}
        {others.filter(fits).map((key) => (
          <li key={key} className="flex h-8 items-center gap-1 rounded-sm pl-1 hover:bg-hover">
            <span className="w-[13px] shrink-0" />
            <Tick name={name(key)} onChange={() => onColumns((now) => [...now, key])} />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

interface TickProps {
  name: string;
  isOn?: boolean;
  isFixed?: boolean;
  onChange(): void;
}

function Tick({ name, isOn = false, isFixed, onChange }: TickProps) {
  return (
    <label className="flex h-full min-w-0 flex-1 items-center gap-2">
      <input type="checkbox" className="pick" checked={isOn} disabled={isFixed} onChange={onChange} />
      <span className="truncate">{name}</span>
    </label>
  );
}
