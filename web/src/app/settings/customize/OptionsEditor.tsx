import { Eye, EyeOff, Merge, Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/meta/context';
import type { OptionPatch } from '@/meta/options';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Dot } from '@/ui/Dot';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { both, freeKey } from './definition';
import { inTree, stepped } from './dictionary';
import { SortRow } from './SortRow';

interface OptionsEditorProps {
  options: OptionPatch[];
  onChange(options: OptionPatch[]): void;
  colors: string[];
  /** Options that records may hold already: they are hidden, not removed. */
  kept: ReadonlySet<string>;
  /** Options stand below others. */
  isTree?: boolean;
  /** The program goes by the options: they are named, coloured and put in order only. */
  isFixed?: boolean;
  /** What stands at the end of an option's row. */
  note?(code: string): ReactNode;
  /** Offers to put one option into another. */
  onMerge?(option: OptionPatch): void;
  /** Options that take no new records' place are left out of what is found. */
  words?: string;
}

/** The entries of a dictionary: words, colour, order, whether they are still offered. */
export function OptionsEditor(props: OptionsEditorProps) {
  const { options, onChange, isTree, isFixed, words = '' } = props;
  const { t } = useTranslation();
  const add = () =>
    onChange([
      ...options,
      {
        code: freeKey(
          '',
          options.map((one) => one.code),
          'option',
        ),
        label: both('', ''),
      },
    ]);
  const shown = inTree(options).filter(({ option }) =>
    `${option.label['zh-CN'] ?? ''} ${option.label.en ?? ''} ${option.code}`.toLowerCase().includes(words),
  );
  return (
    <div className="flex flex-col gap-2">
      {!props.note && <p className="text-meta font-medium text-ink-2">{t('settings.customize.options')}</p>}
      {shown.length > 0 && (
        <ul className="rounded-md border border-line">
          {shown.map(({ option, depth }) => (
            <OptionRow key={option.code} {...props} option={option} depth={isTree ? depth : 0} />
          ))}
        </ul>
      )}
      {!isFixed && words === '' && (
        <Button className="self-start" onPress={add}>
          <Plus size={14} aria-hidden="true" />
          {t('settings.customize.add_option')}
        </Button>
      )}
    </div>
  );
}

function OptionRow(props: OptionsEditorProps & { option: OptionPatch; depth: number }) {
  const { option, depth, options, onChange, colors, kept, isTree, isFixed, note, onMerge } = props;
  const { t } = useTranslation();
  const at = options.indexOf(option);
  const label = useLabel();
  const name = label(option.label) || option.code;
  const siblings = options.filter((one) => (one.parent ?? '') === (option.parent ?? ''));
  const put = (part: Partial<OptionPatch>) =>
    onChange(options.map((one) => (one === option ? { ...one, ...part } : one)));
  const entries: MenuEntry[] = [];
  if (!isFixed && kept.has(option.code)) {
    if (onMerge && !option.hidden)
      entries.push({
        id: 'merge',
        name: t('settings.dictionaries.merge'),
        icon: <Merge size={14} aria-hidden="true" />,
        onAction: () => onMerge(option),
        divided: true,
      });
    entries.push({
      id: 'hide',
      name: t(option.hidden ? 'settings.dictionaries.enable' : 'settings.dictionaries.disable'),
      icon: option.hidden ? <Eye size={14} aria-hidden="true" /> : <EyeOff size={14} aria-hidden="true" />,
      onAction: () => put({ hidden: !option.hidden, into: undefined }),
      divided: entries.length === 0,
    });
  }
  const into = options.find((one) => one.code === option.into);
  return (
    <SortRow
      kind="option"
      place={option.code}
      name={name}
      isFirst={siblings[0] === option}
      isLast={siblings.at(-1) === option}
      onStep={(by) => onChange(stepped(options, option.code, by))}
      onDrop={(from) => onChange(droppedOn(options, from, option))}
      entries={entries}
    >
      {depth > 0 && <span aria-hidden="true" className="shrink-0" style={{ width: depth * 20 }} />}
      <Menu
        placement="bottom start"
        entries={colors.map((id) => ({
          id,
          name: t(`settings.color.${id}`),
          icon: <Dot color={id} />,
          isChecked: (option.color ?? 'gray') === id,
          onAction: () => put({ color: id }),
        }))}
      >
        <IconButton label={t('settings.customize.option_color', { name })}>
          <Dot color={option.color} className="!size-2.5" />
        </IconButton>
      </Menu>
      <div
        className={cx(
          'quiet-controls grid min-w-0 flex-1 grid-cols-2 gap-1.5 py-0.5 max-desk:grid-cols-1 max-desk:py-2',
          isTree && 'desk:grid-cols-[1fr_1fr_8rem]',
          option.hidden && 'opacity-60',
        )}
      >
        <TextField
          label={t('settings.customize.option_zh', { n: at + 1 })}
          placeholder={t('settings.customize.label_zh')}
          hideLabel
          value={option.label['zh-CN'] ?? ''}
          onChange={(text) =>
            put({
              label: {
                'zh-CN': text,
                en: option.label.en === option.label['zh-CN'] ? text : (option.label.en ?? text),
              },
            })
          }
        />
        <TextField
          label={t('settings.customize.option_en', { n: at + 1 })}
          placeholder={t('settings.customize.label_en')}
          hideLabel
          value={option.label.en ?? ''}
          onChange={(en) => put({ label: { ...option.label, en } })}
        />
        {isTree && (
          <Select
            label={t('settings.customize.option_parent', { name })}
            placeholder={t('settings.customize.option_top')}
            hideLabel
            items={inTree(options)
              .filter((one) => !isBelow(options, one.option, option.code))
              .map((one) => ({
                id: one.option.code,
                name: label(one.option.label) || one.option.code,
                depth: one.depth,
              }))}
            value={option.parent ?? null}
            onChange={(parent) => put({ parent: parent ?? undefined })}
            canClear
          />
        )}
      </div>
      {note && (
        <div className="w-28 shrink-0 text-right text-meta text-ink-3 max-desk:w-16">
          {option.into ? (
            <span className="line-clamp-2">
              {t('settings.dictionaries.merged_into', { name: label(into?.label) || option.into })}
            </span>
          ) : option.hidden ? (
            t('settings.dictionaries.disabled')
          ) : null}
          {note(option.code)}
        </div>
      )}
      {!note && option.hidden && (
        <span className="shrink-0 text-meta text-ink-3">{t('settings.dictionaries.disabled')}</span>
      )}
      {!isFixed && !kept.has(option.code) && (
        <IconButton
          label={t('action.remove_name', { name })}
          onPress={() => onChange(options.filter((one) => one !== option))}
        >
          <X size={15} aria-hidden="true" />
        </IconButton>
      )}
    </SortRow>
  );
}

/** Whether one option is another or stands below it. */
function isBelow(options: OptionPatch[], one: OptionPatch | undefined, code: string): boolean {
  for (let up = one, hops = 0; up && hops <= options.length; hops++) {
    if (up.code === code) return true;
    const parent: string | undefined = up.parent;
    up = options.find((other) => other.code === parent);
  }
  return false;
}

/** An option dropped on another takes its place, below the same parent. */
function droppedOn(options: OptionPatch[], from: string, on: OptionPatch): OptionPatch[] {
  const one = options.find((option) => option.code === from);
  if (!one || one === on || isBelow(options, on, from)) return options;
  const rest = options.filter((option) => option !== one);
  const down = options.indexOf(one) < options.indexOf(on);
  rest.splice(rest.indexOf(on) + (down ? 1 : 0), 0, { ...one, parent: on.parent });
  return rest;
}
