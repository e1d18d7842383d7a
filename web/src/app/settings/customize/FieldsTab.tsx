import { useQueryClient } from '@tanstack/react-query';
import { EyeOff, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch } from '@/api/client';
import { useLabel } from '@/meta/context';
import { useProblemText } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { TextField } from '@/ui/TextField';
import { toasts } from '@/ui/toasts';
import { customized, type DefinedField, type Definition } from './definition';
import { FieldDialog } from './FieldDialog';

/** The fields of an entity: each is changed by its name, hidden or shown at its end. */
export function FieldsTab({ entity }: { entity: Definition }) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const problem = useProblemText();
  const [typed, setTyped] = useState('');
  const [edited, setEdited] = useState<DefinedField | 'new' | null>(null);
  const words = typed.trim().toLowerCase();
  const typeName = (type: string) => (i18n.exists(`type.${type}`) ? t(`type.${type}`) : type);
  async function hide({ field }: DefinedField, retired: boolean) {
    try {
      await patch(`customize/entities/${entity.name}/fields/${field.key}`, { retired });
      toasts.say(
        t(retired ? 'settings.customize.hidden_now' : 'settings.customize.shown_now', {
          name: label(field.label),
        }),
      );
    } catch (error) {
      toasts.warn(problem(error));
    }
    await customized(client, entity.name);
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <div className="w-60 max-desk:w-full">
          <TextField
            label={t('settings.roles.find_field')}
            placeholder={t('settings.roles.find_field')}
            hideLabel
            type="search"
            value={typed}
            onChange={setTyped}
          />
        </div>
        <Button look="primary" className="ml-auto" onPress={() => setEdited('new')}>
          <Plus size={14} aria-hidden="true" />
          {t('settings.customize.new_field')}
        </Button>
      </div>
      <ScrollArea label={t('settings.customize.fields')} className="flex-1">
        <table className="w-full border-collapse">
          <thead className="sticky top-0 z-10 bg-panel">
            <tr className="text-left text-meta text-ink-3">
              <th className="h-8 px-4 font-medium shadow-[inset_0_-1px_var(--line)]">
                {t('settings.customize.field')}
              </th>
              <th className="px-4 font-medium shadow-[inset_0_-1px_var(--line)]">
                {t('settings.customize.type')}
              </th>
              <th className="px-4 font-medium shadow-[inset_0_-1px_var(--line)] max-desk:hidden">
                {t('settings.customize.key')}
              </th>
              <th className="w-24 shadow-[inset_0_-1px_var(--line)]">
                <span className="sr-only">{t('action.more')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {entity.fields
              .filter(
                ({ field }) =>
                  !field.system && `${label(field.label)} ${field.key}`.toLowerCase().includes(words),
              )
              .sort((a, b) => Number(b.field.custom) - Number(a.field.custom))
              .map((one) => {
                const { field, retired } = one;
                return (
                  <tr key={field.key} className="h-10 border-b border-line hover:bg-hover">
                    <td className="px-4">
                      <button
                        type="button"
                        onClick={() => setEdited(one)}
                        className={cx(
                          'min-h-6 rounded-sm text-left font-medium hover:underline',
                          retired && 'text-ink-3 line-through',
                        )}
                      >
                        {label(field.label)}
                      </button>
                      {field.custom && (
                        <span className="ml-2 text-meta text-accent-ink">
                          {t('settings.customize.custom')}
                        </span>
                      )}
                      {field.required && (
                        <span className="ml-2 text-meta text-ink-3">{t('form.required')}</span>
                      )}
                      {Boolean(field.visible_when || field.required_when) && (
                        <span className="ml-2 text-meta text-ink-3">{t('settings.customize.has_rule')}</span>
                      )}
                      {retired && (
                        <span className="ml-2 inline-flex items-center gap-1 text-meta text-ink-3">
                          <EyeOff size={12} aria-hidden="true" />
                          {t('settings.customize.is_hidden')}
                        </span>
                      )}
                    </td>
                    <td className="px-4 text-ink-2">{typeName(field.type)}</td>
                    <td className="px-4 font-mono text-meta text-ink-3 max-desk:hidden">{field.key}</td>
                    <td className="px-2 text-right">
                      {!one.fixed && field.key !== entity.title && (
                        <Button
                          look="quiet"
                          aria-label={t(
                            retired ? 'settings.customize.show_field' : 'settings.customize.hide_field',
                            { name: label(field.label) },
                          )}
                          onPress={() => hide(one, !retired)}
                        >
                          {t(retired ? 'settings.customize.show' : 'settings.customize.hide')}
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
          </tbody>
        </table>
      </ScrollArea>
      {edited !== null && (
        <FieldDialog
          entity={entity}
          defined={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </div>
  );
}
